import { Button, Checkbox, Group, NativeSelect } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { IconCalendarPlus, IconChevronLeft, IconChevronRight, IconClock, IconRss, IconSettings } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useCode } from "../../i18n/use-code";
import { formatDay, todayIso } from "../../lib/dates";
import { addDays, mondayOf } from "../../lib/zoned";
import { EmptyState } from "../../ui/EmptyState";
import { PageTitle } from "../../ui/PageTitle";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { useUrlState } from "../../ui/url-state";
import { Waiting } from "../../ui/Waiting";
import classes from "./Agenda.module.css";
import { type Appointment, type Calendar, calendars, isResource, week } from "./api";
import { AppointmentDialog } from "./AppointmentDialog";
import { BookDialog } from "./BookDialog";
import { BookResourceDialog } from "./BookResourceDialog";
import { FeedDialog } from "./FeedDialog";
import { WeekGrid } from "./WeekGrid";
import { WeekList } from "./WeekList";

const isDay = (value: string | undefined) => value !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(value);

/** The week of a calendar; at phone width the same week as a list. */
export default function AgendaPage() {
  const { t } = useTranslation("agenda");
  const code = useCode();
  const url = useUrlState();
  const wide = useMediaQuery("(min-width: 62em)", true);
  const [opened, setOpened] = useState<"book" | "feed" | null>(null);
  const [shown, setShown] = useState<Appointment | null>(null);
  const all = useQuery(calendars());
  const items = (all.data?.items ?? []).filter((one) => one.active || one.id === url.get("agenda"));
  const current = items.find((one) => one.id === url.get("agenda")) ?? items[0];
  const settings = all.data?.may_manage && (
    <Button
      variant={current ? "subtle" : "filled"}
      component={Link}
      to="/agenda/reglages"
      leftSection={<IconSettings size={20} aria-hidden />}
    >
      {t("settings.act")}
    </Button>
  );
  const asked = url.get("semaine");
  const from = mondayOf(isDay(asked) ? asked! : todayIso());
  const cancelled = url.get("annules") === "oui";
  const seen = useQuery({
    ...week(current?.id ?? "", from, cancelled),
    enabled: current !== undefined,
    placeholderData: keepPreviousData,
  });
  if (all.isError) return <ProblemScreen error={all.error} retry={() => void all.refetch()} />;
  const nameOf = (one: Calendar) =>
    `${one.label} (${one.active ? code("calendar_kind", one.kind) : t("settings.is_archived")})`;
  const go = (day: string) => url.set({ semaine: day });
  const resource = current !== undefined && isResource(current);
  return (
    <>
      <PageTitle
        aside={
          current?.may_book &&
          current.active && (
            <Button leftSection={<IconCalendarPlus size={20} aria-hidden />} onClick={() => setOpened("book")}>
              {t(resource ? "resource.act" : "book.act")}
            </Button>
          )
        }
      >
        {t("title")}
      </PageTitle>
      {all.isPending && <Waiting rows={8} />}
      {all.data && !current && (
        <EmptyState title={t("none")} action={settings}>
          {t("none_detail")}
        </EmptyState>
      )}
      {current && (
        <>
          <div className={classes.tools}>
            <NativeSelect
              id="calendar"
              label={t("calendar")}
              value={current.id}
              onChange={(event) => url.set({ agenda: event.currentTarget.value })}
              data={items.map((one) => ({ value: one.id, label: nameOf(one) }))}
            />
            <Group gap="xs" wrap="nowrap" className={classes.weeks}>
              <Button variant="default" aria-label={t("week.previous")} onClick={() => go(addDays(from, -7))}>
                <IconChevronLeft size={20} aria-hidden />
              </Button>
              <Button variant="default" onClick={() => go(mondayOf(todayIso()))}>
                {t("week.now")}
              </Button>
              <Button variant="default" aria-label={t("week.next")} onClick={() => go(addDays(from, 7))}>
                <IconChevronRight size={20} aria-hidden />
              </Button>
            </Group>
            <Checkbox
              className={classes.tick}
              label={t("cancelled")}
              checked={cancelled}
              onChange={(event) => url.set({ annules: event.currentTarget.checked ? "oui" : undefined })}
            />
            <Group gap="xs" className={classes.more}>
              {current.may_manage && (
                <Button
                  variant="subtle"
                  component={Link}
                  to={`/agenda/${current.id}/horaires`}
                  leftSection={<IconClock size={20} aria-hidden />}
                >
                  {t("hours.act")}
                </Button>
              )}
              <Button
                variant="subtle"
                leftSection={<IconRss size={20} aria-hidden />}
                onClick={() => setOpened("feed")}
              >
                {t("feed.act")}
              </Button>
              {settings}
            </Group>
          </div>
          <h2 className={classes.week} aria-live="polite">
            {t("week.title", { from: formatDay(from), until: formatDay(addDays(from, 6)) })}
          </h2>
          {seen.isPending && <Waiting rows={8} />}
          {seen.isError && <ProblemScreen error={seen.error} retry={() => void seen.refetch()} />}
          {seen.data &&
            (wide ? (
              <WeekGrid week={seen.data} onOpen={setShown} />
            ) : (
              <WeekList week={seen.data} onOpen={setShown} />
            ))}
        </>
      )}
      {shown && seen.data && (
        <AppointmentDialog shown={shown} zone={seen.data.time_zone} onClose={() => setShown(null)} />
      )}
      {opened === "book" && current && !resource && (
        <BookDialog calendar={current} zone={all.data!.time_zone} from={from} onClose={() => setOpened(null)} />
      )}
      {opened === "book" && current && resource && (
        <BookResourceDialog calendar={current} from={from} onClose={() => setOpened(null)} />
      )}
      {opened === "feed" && current && <FeedDialog calendar={current} onClose={() => setOpened(null)} />}
    </>
  );
}
