import { Checkbox } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";

import type { Schemas } from "../../api/client";
import type { DirectoryEntry } from "../../api/partners";
import { formatDay } from "../../lib/dates";
import { Clock } from "../../ui/Clock";
import { type Column, DataTable } from "../../ui/DataTable";
import { KindWord } from "../../ui/KindWord";
import { StateTag } from "../../ui/StateTag";
import type { AgentRow } from "./api";
import classes from "./Queues.module.css";

type Props = {
  rows: AgentRow[];
  names: Map<string, DirectoryEntry>;
  chosen: readonly string[];
  onChosen: (ids: readonly string[]) => void;
};

export function QueueTable({ rows, names, chosen, onChosen }: Props) {
  const { t } = useTranslation("queues");
  const { search } = useLocation();
  const toggle = (id: string) => onChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  const nameOf = (id: string | null) => (id ? names.get(id)?.name : undefined);
  const columns: Column<AgentRow>[] = [
    {
      key: "select",
      header: t("columns.select"),
      shrink: true,
      cell: (row) =>
        row.abilities.take && (
          <Checkbox
            aria-label={t("select", { number: row.number })}
            checked={chosen.includes(row.id)}
            onChange={() => toggle(row.id)}
          />
        ),
    },
    {
      key: "person",
      header: t("columns.person"),
      names: true,
      cell: (row) => (
        <div>
          <Link to={`/files/${row.id}${search}`} data-row-link className={classes.name}>
            {row.person?.display_name ?? row.number}
          </Link>
          <span className={classes.small}>
            {row.person ? t("born", { date: formatDay(row.person.birth_on) }) : t("not_entrusted")}
          </span>
        </div>
      ),
    },
    { key: "number", header: t("columns.number"), cell: (row) => <span className="figures">{row.number}</span> },
    { key: "kind", header: t("columns.kind"), cell: (row) => <KindWord kind={row.kind} urgent={row.urgent} /> },
    {
      key: "structure",
      header: t("columns.structure"),
      cell: (row) => (
        <div>
          {row.structure_id ? nameOf(row.structure_id) : t("by_caisse")}
          {row.kind === "misas_referral" && row.detector_trained === false && <span className={classes.small}>{t("untrained")}</span>}
        </div>
      ),
    },
    {
      key: "state",
      header: t("columns.state"),
      cell: (row) => (
        <span>
          <StateTag state={row.state as Schemas["RequestState"]} />
        </span>
      ),
    },
    {
      key: "due",
      header: t("columns.due"),
      cell: (row) => <Clock dueOn={row.due_on} workingDaysLeft={row.working_days_left} overdue={row.overdue} />,
    },
    {
      key: "assigned",
      header: t("columns.assigned"),
      cell: (row) => (
        <div>
          {row.assigned_to ? nameOf(row.assigned_to) : t("nobody")}
          {row.unread > 0 && <span className={classes.unread}>{t("unread", { count: row.unread })}</span>}
        </div>
      ),
    },
  ];
  return <DataTable compact caption={t("title")} columns={columns} rows={rows} rowKey={(row) => row.id} />;
}
