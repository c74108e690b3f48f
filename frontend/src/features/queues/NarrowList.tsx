import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";

import type { Schemas } from "../../api/client";
import type { DirectoryEntry } from "../../api/partners";
import { Clock } from "../../ui/Clock";
import { KindWord } from "../../ui/KindWord";
import { StateTag } from "../../ui/StateTag";
import type { AgentRow } from "./api";
import classes from "./Queues.module.css";

type Props = { rows: AgentRow[]; current: string | undefined; names: Map<string, DirectoryEntry> };

/** The list beside an open file. */
export function NarrowList({ rows, current, names }: Props) {
  const { t } = useTranslation("queues");
  const { search } = useLocation();
  return (
    <ul className={classes.narrow} aria-label={t("title")}>
      {rows.map((row) => (
        <li key={row.id} data-current={row.id === current || undefined}>
          <Link
            to={`/files/${row.id}${search}`}
            data-row-link
            className={classes.name}
            aria-current={row.id === current ? "true" : undefined}
          >
            {row.person?.display_name ?? row.number}
          </Link>
          <span className={classes.small}>
            <KindWord kind={row.kind} urgent={row.urgent} />
          </span>
          <span className={classes.small}>
            {(row.structure_id && names.get(row.structure_id)?.name) ?? t("by_caisse")}
          </span>
          <span className={classes.narrowFacts}>
            <StateTag state={row.state as Schemas["RequestState"]} />
            <Clock dueOn={row.due_on} workingDaysLeft={row.working_days_left} overdue={row.overdue} />
          </span>
        </li>
      ))}
    </ul>
  );
}
