import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { partnerStructure } from "../../api/partners";
import { formatInstant } from "../../lib/dates";
import { FormView } from "../../ui/FormView";
import { Panel } from "../../ui/Panel";
import type { PartnerRequest } from "./api";
import classes from "./Request.module.css";

/** The ledger of what left the structure: what, to whom, when. */
export function Transmitted({ request }: { request: PartnerRequest }) {
  const { t } = useTranslation("request");
  const structure = useQuery(partnerStructure());
  const caisse = structure.data?.caisse_name ?? t("transmitted.the_caisse");
  const moved = request.timeline.find((event) => event.event === "redirect");
  const sent = request.messages.filter((message) => message.side === "partner");
  return (
    <Panel title={t("transmitted.title")}>
      <ul className={classes.ledger}>
        {request.submitted_at && (
          <li>
            <strong>{t("transmitted.form")}</strong>
            <span>{t("transmitted.to", { whom: caisse, when: formatInstant(request.submitted_at) })}</span>
          </li>
        )}
        {sent.map((message) => (
          <li key={message.id}>
            <strong>{t("transmitted.message")}</strong>
            <span>{t("transmitted.to", { whom: caisse, when: formatInstant(message.at) })}</span>
          </li>
        ))}
        {moved && (
          <li>
            <strong>{t("transmitted.moved")}</strong>
            <span>{t("transmitted.by_caisse", { when: formatInstant(moved.at) })}</span>
          </li>
        )}
      </ul>
      {request.form ? (
        <details className={classes.details}>
          <summary>{t("transmitted.see")}</summary>
          <FormView form={request.form} part="situation" />
        </details>
      ) : (
        <p className={classes.closed}>{t("transmitted.withheld")}</p>
      )}
    </Panel>
  );
}
