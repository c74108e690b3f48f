import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useCode } from "../../i18n/use-code";
import { formatDay } from "../../lib/dates";
import { type Column, DataTable } from "../../ui/DataTable";
import { Moment } from "../../ui/Day";
import { KindWord } from "../../ui/KindWord";
import { CoarseTag, YourTurnTag } from "../../ui/StateTag";
import type { RequestRow } from "./api";
import classes from "./MyRequests.module.css";

export function RequestTable({ rows, listRef }: { rows: RequestRow[]; listRef: RefObject<HTMLTableSectionElement | null> }) {
  const { t } = useTranslation("my-requests");
  const code = useCode();
  const columns: Column<RequestRow>[] = [
    {
      key: "person",
      header: t("person"),
      names: true,
      cell: (row) => (
        <div>
          <Link
            data-row-link
            className={classes.name}
            to={row.state === "draft" ? `/saisine/${row.id}` : `/demandes/${row.id}`}
          >
            {row.person?.display_name ?? t("unknown_person")}
          </Link>
          {row.person && <span className={classes.small}>{t("born", { date: formatDay(row.person.birth_on) })}</span>}
        </div>
      ),
    },
    { key: "number", header: t("number"), cell: (row) => <span className="figures">{row.number ?? t("none_yet")}</span> },
    { key: "kind", header: t("kind"), cell: (row) => <KindWord kind={row.kind} urgent={row.urgent} /> },
    { key: "state", header: t("state"), cell: (row) => <span><CoarseTag state={row.state} /></span> },
    {
      key: "event",
      header: t("last_event"),
      cell: (row) => (
        <div>
          {code("last_event", row.last_event)}
          <span className={classes.small}>
            <Moment value={row.last_event_at} withRelative={false} />
          </span>
        </div>
      ),
    },
    {
      key: "turn",
      header: t("turn"),
      cell: (row) => (
        <div>
          {row.turn === "partner" ? <YourTurnTag /> : code("turn", row.turn)}
          {row.state === "waiting_partner" && row.lapses_on && (
            <span className={classes.small}>{t("lapses", { date: formatDay(row.lapses_on) })}</span>
          )}
          {row.unread > 0 && <span className={classes.unread}>{t("unread", { count: row.unread })}</span>}
        </div>
      ),
    },
  ];
  return <DataTable caption={t("caption")} columns={columns} rows={rows} rowKey={(row) => row.id} listRef={listRef} />;
}
