import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { IconArrowLeft, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { formatDay, todayIso } from "../../lib/dates";
import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { PageTitle } from "../../ui/PageTitle";
import { Panel } from "../../ui/Panel";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { Waiting } from "../../ui/Waiting";
import classes from "./Agenda.module.css";
import { type CalendarDetail, calendar, refreshAgenda, setAvailability } from "./api";
import { type Exception, ExceptionRow } from "./ExceptionRow";
import { emptyPeriod, onePeriodMore, type Period, periodsOf, rulesOf, withoutPeriod, withPeriod } from "./periods";
import { WeekHours } from "./WeekHours";

/** The hours of a calendar: its usual weeks, then the days that differ. Saved as a whole. */
export default function HoursPage() {
  const { t } = useTranslation("agenda");
  const { calendarId } = useParams();
  const shown = useQuery({ ...calendar(calendarId!), refetchOnWindowFocus: false });
  return (
    <>
      <PageTitle
        below={t("hours.intro")}
        aside={
          <Button
            variant="default"
            component={Link}
            to={`/agenda?agenda=${calendarId}`}
            leftSection={<IconArrowLeft size={20} aria-hidden />}
          >
            {t("hours.back")}
          </Button>
        }
      >
        {shown.data ? t("hours.title", { calendar: shown.data.label }) : t("hours.act")}
      </PageTitle>
      {shown.isPending && <Waiting rows={6} />}
      {shown.isError && <ProblemScreen error={shown.error} retry={() => void shown.refetch()} back="/agenda" />}
      {shown.data && <Hours key={shown.data.version} shown={shown.data} />}
    </>
  );
}

function Hours({ shown }: { shown: CalendarDetail }) {
  const { t } = useTranslation("agenda");
  const queryClient = useQueryClient();
  const [periods, setPeriods] = useState<Period[]>(() =>
    shown.rules.length > 0 ? periodsOf(shown.rules) : [emptyPeriod(todayIso())],
  );
  const [exceptions, setExceptions] = useState<Exception[]>(shown.exceptions);
  const act = useMutation({
    mutationFn: () => setAvailability(shown, { rules: rulesOf(periods), exceptions }),
    onSuccess: async () => {
      announce(t("hours.done"));
      await refreshAgenda(queryClient);
    },
  });
  return (
    <form
      className={classes.sections}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const wrong = firstWrong(event.currentTarget);
        if (wrong) wrong.focus();
        else act.mutate();
      }}
    >
      <ProblemSummary problem={act.error && asProblem(act.error)} />
      {periods.map((one, n) => (
        <Panel
          key={`${n} of ${periods.length}`}
          title={
            one.until_on
              ? t("hours.period_between", { from: formatDay(one.from_on), until: formatDay(one.until_on) })
              : t("hours.period", { from: formatDay(one.from_on) })
          }
          aside={
            periods.length > 1 && (
              <Button variant="subtle" onClick={() => setPeriods(withoutPeriod(periods, n))}>
                {t("hours.remove_period")}
              </Button>
            )
          }
        >
          <WeekHours n={n} period={one} onChange={(changed) => setPeriods(withPeriod(periods, n, changed))} />
        </Panel>
      ))}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={20} aria-hidden />}
          onClick={() => setPeriods(onePeriodMore(periods, todayIso()))}
        >
          {t("hours.add_period")}
        </Button>
      </div>
      <Panel title={t("hours.exceptions")}>
        <p>{t("hours.exceptions_detail")}</p>
        {exceptions.map((one, n) => (
          <ExceptionRow
            key={`${n} of ${exceptions.length}`}
            n={n}
            one={one}
            onChange={(changed) =>
              setExceptions(exceptions.map((each, at) => (at === n ? { ...each, ...changed } : each)))
            }
            onRemove={() => setExceptions(exceptions.filter((_, at) => at !== n))}
          />
        ))}
        <Button
          mt="md"
          variant="default"
          leftSection={<IconPlus size={20} aria-hidden />}
          onClick={() => setExceptions([...exceptions, newException()])}
        >
          {t("hours.add_exception")}
        </Button>
      </Panel>
      <div>
        <Button type="submit" loading={act.isPending}>
          {t("hours.save")}
        </Button>
      </div>
    </form>
  );
}

/** A date that cannot be read leaves its former value behind: what shows an error is not saved. */
const firstWrong = (form: HTMLFormElement) => form.querySelector<HTMLElement>("[aria-invalid=true]");

const newException = (): Exception => ({
  kind: "closed",
  reason: "leave",
  from_on: todayIso(),
  until_on: todayIso(),
  from_time: null,
  until_time: null,
});
