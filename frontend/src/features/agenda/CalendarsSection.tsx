import { Button, Group } from "@mantine/core";
import { IconCalendarPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useCode } from "../../i18n/use-code";
import { type Column, DataTable } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import classes from "./Agenda.module.css";
import { type Calendar, amendCalendar } from "./api";
import { ArchiveDialog } from "./ArchiveDialog";
import { CalendarDialog } from "./CalendarDialog";
import { asGiven } from "./calendar-in";

type Asked = { what: "open" } | { what: "amend" | "archive"; shown: Calendar };

/** The calendars of the caisse; a row leads to its week. */
export function CalendarsSection({ calendars, mayManage }: { calendars: Calendar[]; mayManage: boolean }) {
  const { t } = useTranslation("agenda");
  const [asked, setAsked] = useState<Asked | null>(null);
  const columns = useColumns(mayManage, setAsked);
  const close = () => setAsked(null);
  const open = mayManage && (
    <Button leftSection={<IconCalendarPlus size={20} aria-hidden />} onClick={() => setAsked({ what: "open" })}>
      {t("calendars.open")}
    </Button>
  );
  return (
    <section aria-labelledby="calendars">
      <div className={classes.sectionHead}>
        <h2 id="calendars">{t("calendars.title")}</h2>
        {calendars.length > 0 && open}
      </div>
      {calendars.length === 0 ? (
        <EmptyState title={t("none")} action={open}>
          {t("calendars.none_detail")}
        </EmptyState>
      ) : (
        <DataTable caption={t("calendars.title")} columns={columns} rows={calendars} rowKey={(row) => row.id} />
      )}
      {asked?.what === "open" && <CalendarDialog onClose={close} />}
      {asked?.what === "amend" && <CalendarDialog shown={asked.shown} onClose={close} />}
      {asked?.what === "archive" && (
        <ArchiveDialog
          of="calendars"
          // As it is now: a refusal for having changed meanwhile is not met again.
          shown={calendars.find((one) => one.id === asked.shown.id) ?? asked.shown}
          amend={(shown) => amendCalendar(shown, { ...asGiven(shown), active: !shown.active })}
          onClose={close}
        />
      )}
    </section>
  );
}

function useColumns(mayManage: boolean, onAsk: (asked: Asked) => void): Column<Calendar>[] {
  const { t } = useTranslation("agenda");
  const code = useCode();
  const columns: Column<Calendar>[] = [
    {
      key: "label",
      header: t("calendars.label"),
      names: true,
      cell: (row) => (
        <div>
          <Link to={`/agenda?agenda=${row.id}`} className={classes.rowName}>
            {row.label}
          </Link>
          {!row.active && <span className={classes.archived}>{t("settings.is_archived")}</span>}
          <span className={classes.small}>
            {[row.place, row.zone && t("calendars.in_zone", { zone: row.zone })].filter(Boolean).join(", ")}
          </span>
        </div>
      ),
    },
    {
      key: "kind",
      header: t("calendars.kind"),
      cell: (row) => (
        <div>
          {code("calendar_kind", row.kind)}
          {row.capacity > 1 && <span className={classes.small}>{t("calendars.places", { count: row.capacity })}</span>}
        </div>
      ),
    },
    {
      key: "partners",
      header: t("partners.column"),
      cell: (row) => (
        <div>
          {t(row.open_to_partners ? "partners.open" : "partners.closed")}
          {row.open_to_partners && (
            <span className={classes.small}>
              {row.subjects.map((one) => code("appointment_subject", one)).join(", ")}
            </span>
          )}
        </div>
      ),
    },
  ];
  if (!mayManage) return columns;
  return [
    ...columns,
    {
      key: "acts",
      header: t("settings.acts"),
      shrink: true,
      cell: (row) => (
        <Group gap="xs" wrap="nowrap" className={classes.acts}>
          <Button
            variant="default"
            component={Link}
            to={`/agenda/${row.id}/horaires`}
            aria-label={t("hours.of", { calendar: row.label })}
          >
            {t("hours.act")}
          </Button>
          <Button
            variant="default"
            aria-label={t("settings.amend_of", { label: row.label })}
            onClick={() => onAsk({ what: "amend", shown: row })}
          >
            {t("settings.amend")}
          </Button>
          <Button
            variant="default"
            aria-label={t(row.active ? "settings.archive_of" : "settings.restore_of", { label: row.label })}
            onClick={() => onAsk({ what: "archive", shown: row })}
          >
            {t(row.active ? "settings.archive" : "settings.restore")}
          </Button>
        </Group>
      ),
    },
  ];
}
