import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { coarseStateValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { Panel } from "../../ui/Panel";
import type { Home } from "./api";
import classes from "./PartnerHome.module.css";

/** The structure's requests by state; each count leads to its list, for who may see it. */
export function Counts({ counts, linked }: { counts: Home["counts"]; linked: boolean }) {
  const { t } = useTranslation("partner-home");
  const code = useCode();
  const present = coarseStateValues.filter((state) => (counts[state]?.count ?? 0) > 0);
  if (present.length === 0) return null;
  return (
    <Panel title={t("counts.title")}>
      <ul className={classes.counts}>
        {present.map((state) => {
          const words = (
            <>
              <strong>
                {counts[state]?.count}
                {counts[state]?.more && "+"}
              </strong>{" "}
              {code("coarse_state", state)}
            </>
          );
          return (
            <li key={state}>{linked ? <Link to={`/demandes?etat=${state}`}>{words}</Link> : <span>{words}</span>}</li>
          );
        })}
      </ul>
    </Panel>
  );
}
