import { Button, Group } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useCode } from "../../i18n/use-code";
import { type Column, DataTable } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import classes from "./Agenda.module.css";
import { amendKind, type Kind } from "./api";
import { ArchiveDialog } from "./ArchiveDialog";
import { asOffered, KindDialog } from "./KindDialog";

type Asked = { what: "offer" } | { what: "amend" | "archive"; shown: Kind };

/** What the caisse offers: how it is held, for how long, where, and to whom. */
export function KindsSection({ kinds, mayManage }: { kinds: Kind[]; mayManage: boolean }) {
  const { t } = useTranslation("agenda");
  const [asked, setAsked] = useState<Asked | null>(null);
  const columns = useColumns(mayManage, setAsked);
  const close = () => setAsked(null);
  const offer = mayManage && (
    <Button leftSection={<IconPlus size={20} aria-hidden />} onClick={() => setAsked({ what: "offer" })}>
      {t("kinds.offer")}
    </Button>
  );
  return (
    <section aria-labelledby="kinds">
      <div className={classes.sectionHead}>
        <h2 id="kinds">{t("kinds.title")}</h2>
        {kinds.length > 0 && offer}
      </div>
      {kinds.length === 0 ? (
        <EmptyState title={t("kinds.none")} action={offer}>
          {t("kinds.none_detail")}
        </EmptyState>
      ) : (
        <DataTable caption={t("kinds.title")} columns={columns} rows={kinds} rowKey={(row) => row.id} />
      )}
      {asked?.what === "offer" && <KindDialog onClose={close} />}
      {asked?.what === "amend" && <KindDialog shown={asked.shown} onClose={close} />}
      {asked?.what === "archive" && (
        <ArchiveDialog
          of="kinds"
          shown={kinds.find((one) => one.id === asked.shown.id) ?? asked.shown}
          amend={(shown) => amendKind(shown, { ...asOffered(shown), active: !shown.active })}
          onClose={close}
        />
      )}
    </section>
  );
}

function useColumns(mayManage: boolean, onAsk: (asked: Asked) => void): Column<Kind>[] {
  const { t } = useTranslation("agenda");
  const code = useCode();
  const columns: Column<Kind>[] = [
    {
      key: "label",
      header: t("kinds.label"),
      names: true,
      cell: (row) => (
        <div>
          <span className={classes.rowName}>{row.label}</span>
          {!row.active && <span className={classes.archived}>{t("settings.is_archived")}</span>}
          <span className={classes.small}>{code("appointment_mode", row.mode)}</span>
        </div>
      ),
    },
    {
      key: "minutes",
      header: t("kinds.minutes"),
      cell: (row) => (
        <div>
          {t("kinds.lasts", { minutes: row.minutes })}
          <span className={classes.small}>
            {t("kinds.lasts_more", { interpreter: row.interpreter_minutes, accessibility: row.accessibility_minutes })}
          </span>
        </div>
      ),
    },
    {
      key: "calendars",
      header: t("kinds.calendars"),
      cell: (row) => row.calendars.map((one) => code("calendar_kind", one)).join(", "),
    },
    {
      key: "partners",
      header: t("partners.column"),
      cell: (row) => (
        <div>
          {t(row.open_to_partners ? "partners.open" : "partners.closed")}
          {row.open_to_partners && (
            <span className={classes.small}>
              {t("kinds.bounds", { hours: row.notice_hours, days: row.horizon_days })}
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
      cell: (row) => <Acts row={row} onAsk={onAsk} />,
    },
  ];
}

function Acts({ row, onAsk }: { row: Kind; onAsk: (asked: Asked) => void }) {
  const { t } = useTranslation("agenda");
  return (
    <Group gap="xs" wrap="nowrap" className={classes.acts}>
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
  );
}
