import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useCode } from "../../i18n/use-code";
import { formatDay, formatRelative } from "../../lib/dates";
import { EmptyState } from "../../ui/EmptyState";
import { Panel } from "../../ui/Panel";
import type { RequestRow } from "./api";
import classes from "./PartnerHome.module.css";

/** What the structure has to do: finish a draft, answer the caisse. */
export function WaitingForMe({ rows }: { rows: RequestRow[] }) {
  const { t } = useTranslation("partner-home");
  const code = useCode();
  return (
    <Panel title={rows.length > 0 ? t("turn.title_count", { count: rows.length }) : t("turn.title")}>
      {rows.length === 0 && <EmptyState title={t("turn.empty")}>{t("turn.empty_detail")}</EmptyState>}
      <ul className={classes.todo}>
        {rows.map((row) => {
          const isDraft = row.state === "draft";
          return (
            <li key={row.id}>
              <Link to={isDraft ? `/saisine/${row.id}` : `/demandes/${row.id}`}>
                {row.person?.display_name ?? row.number ?? t("turn.draft")}
              </Link>
              <span>
                {isDraft
                  ? t("turn.finish", { kind: code("request_kind_short", row.kind), date: formatDay(row.due_on), when: formatRelative(row.due_on) })
                  : row.state === "waiting_partner" && row.lapses_on
                    ? t("turn.complete", {
                        number: row.number ?? "",
                        date: formatDay(row.lapses_on),
                        when: formatRelative(row.lapses_on),
                      })
                    : t(row.unread > 0 ? "turn.unread" : "turn.answer", { number: row.number ?? "" })}
              </span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
