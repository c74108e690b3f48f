import { Button, Group } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { IconCalendarPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useCode } from "../../i18n/use-code";
import { formatWeekday, zoned } from "../../lib/zoned";
import { AppointmentTag } from "../../ui/AppointmentTag";
import { type Column, DataTable } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { Pager } from "../../ui/Pager";
import { PageTitle } from "../../ui/PageTitle";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { useUrlState } from "../../ui/url-state";
import { Waiting } from "../../ui/Waiting";
import { type Appointment, appointments, offers, personCards } from "./api";
import classes from "./Appointments.module.css";
import { CancelDialog } from "./CancelDialog";
import { MoveDialog } from "./MoveDialog";

/** The structure's appointments, the latest first; those to come can be moved or given up. */
export default function MyAppointmentsPage() {
  const { t } = useTranslation("appointments");
  const code = useCode();
  const url = useUrlState();
  const [changing, setChanging] = useState<{ what: "move" | "cancel"; shown: Appointment } | null>(null);
  const offered = useQuery(offers());
  const list = useQuery({ ...appointments(url.get("page")), placeholderData: keepPreviousData });
  const ids = [...new Set((list.data?.items ?? []).map((one) => one.person_id))].sort();
  const cards = useQuery(personCards(ids));
  const names = new Map((cards.data?.items ?? []).map((card) => [card.id, card.display_name]));
  const zone = offered.data?.time_zone ?? "Europe/Paris";
  const { dayOf, timeOf } = zoned(zone);
  const when = (shown: Appointment) =>
    t("when", { day: formatWeekday(dayOf(shown.starts_at)), time: timeOf(shown.starts_at) });
  const open = (offered.data?.places.length ?? 0) > 0;
  const columns: Column<Appointment>[] = [
    {
      key: "who",
      header: t("table.who"),
      names: true,
      cell: (row) => (
        <div>
          <span className={classes.name}>{names.get(row.person_id) ?? t(cards.isLoading ? "table.soon" : "table.nobody")}</span>
          <span className={classes.small}>{row.subject && code("appointment_subject", row.subject)}</span>
        </div>
      ),
    },
    { key: "when", header: t("table.when"), cell: (row) => <time dateTime={row.starts_at}>{when(row)}</time> },
    {
      key: "where",
      header: t("table.where"),
      cell: (row) => (
        <div>
          {row.calendar_label}
          <span className={classes.small}>{row.place ?? code("appointment_mode", row.mode)}</span>
        </div>
      ),
    },
    { key: "state", header: t("table.state"), cell: (row) => <AppointmentTag state={row.state} /> },
    {
      key: "acts",
      header: t("table.acts"),
      shrink: true,
      cell: (row) =>
        row.abilities.move || row.abilities.cancel ? (
          <Group gap="xs" wrap="nowrap" className={classes.acts}>
            <Button
              variant="default"
              aria-label={t("move.label", { when: when(row) })}
              onClick={() => setChanging({ what: "move", shown: row })}
            >
              {t("move.act")}
            </Button>
            <Button
              variant="default"
              aria-label={t("cancel.label", { when: when(row) })}
              onClick={() => setChanging({ what: "cancel", shown: row })}
            >
              {t("cancel.act")}
            </Button>
          </Group>
        ) : null,
    },
  ];
  const booking = open && (
    <Button component={Link} to="/rendez-vous/nouveau" leftSection={<IconCalendarPlus size={20} aria-hidden />}>
      {t("new")}
    </Button>
  );
  return (
    <>
      <PageTitle aside={booking}>{t("title")}</PageTitle>
      {list.isPending && <Waiting rows={6} />}
      {list.isError && <ProblemScreen error={list.error} retry={() => void list.refetch()} />}
      {list.data?.items.length === 0 && (
        <EmptyState title={t("none")} action={booking}>
          {t("none_detail")}
        </EmptyState>
      )}
      {list.data && list.data.items.length > 0 && (
        <>
          <DataTable caption={t("title")} columns={columns} rows={list.data.items} rowKey={(row) => row.id} />
          <Pager shown={list.data.items.length} next={list.data.next_cursor} />
        </>
      )}
      {changing?.what === "move" && (
        <MoveDialog shown={changing.shown} zone={zone} when={when(changing.shown)} onClose={() => setChanging(null)} />
      )}
      {changing?.what === "cancel" && (
        <CancelDialog shown={changing.shown} when={when(changing.shown)} onClose={() => setChanging(null)} />
      )}
    </>
  );
}
