import { useTranslation } from "react-i18next";

import { formatDay } from "../../lib/dates";
import { FormView } from "../../ui/FormView";
import { Panel } from "../../ui/Panel";
import type { PartnerRequest } from "./api";
import classes from "./Request.module.css";

export function PersonAndAgreement({ request }: { request: PartnerRequest }) {
  const { t } = useTranslation("request");
  const { person } = request;
  return (
    <Panel title={t("person.title")}>
      {person ? (
        <p className={classes.person}>
          <strong>{person.display_name}</strong>
          <span>{[t("born", { date: formatDay(person.birth_on) }), person.city].filter(Boolean).join(" · ")}</span>
          <span>{t("person.number", { number: person.number })}</span>
        </p>
      ) : (
        <p className={classes.closed}>{t("person.withheld")}</p>
      )}
      {request.form && <FormView form={request.form} part="agreement" />}
    </Panel>
  );
}
