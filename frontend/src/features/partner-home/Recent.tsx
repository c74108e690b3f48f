import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useCode } from "../../i18n/use-code";
import { formatRelative } from "../../lib/dates";
import { EmptyState } from "../../ui/EmptyState";
import { Panel } from "../../ui/Panel";
import { CoarseTag } from "../../ui/StateTag";
import type { RequestRow } from "./api";
import classes from "./PartnerHome.module.css";

export function Recent({ rows }: { rows: RequestRow[] }) {
  const { t } = useTranslation("partner-home");
  const code = useCode();
  return (
    <Panel title={t("recent.title")} aside={rows.length > 0 && <Link to="/demandes">{t("recent.all")}</Link>}>
      {rows.length === 0 && <EmptyState title={t("recent.empty")}>{t("recent.empty_detail")}</EmptyState>}
      <ul className={classes.recent}>
        {rows.map((row) => (
          <li key={row.id}>
            <div>
              <Link to={row.state === "draft" ? `/saisine/${row.id}` : `/demandes/${row.id}`}>
                {row.person?.display_name ?? row.number ?? t("turn.draft")}
              </Link>
              <span className={classes.small}>
                {[code("request_kind_short", row.kind), row.number, `${code("last_event", row.last_event)}, ${formatRelative(row.last_event_at)}`].filter(Boolean).join(" · ")}
              </span>
            </div>
            <CoarseTag state={row.state} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
