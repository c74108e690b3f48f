import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { requestLedger } from "../../api/ledger";
import { partnerStructure } from "../../api/partners";
import { FormView } from "../../ui/FormView";
import { Panel } from "../../ui/Panel";
import { LedgerList } from "../../ui/person/LedgerList";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { Waiting } from "../../ui/Waiting";
import type { PartnerRequest } from "./api";
import classes from "./Request.module.css";

/** The ledger of what left through the request: what, to whom, when, on which agreement. */
export function Transmitted({ request }: { request: PartnerRequest }) {
  const { t } = useTranslation(["request", "person"]);
  const structure = useQuery(partnerStructure());
  const ledger = useQuery(requestLedger(request.id));
  return (
    <Panel title={t("transmitted.title")}>
      {ledger.isPending && <Waiting rows={3} />}
      {ledger.isError && <ProblemScreen error={ledger.error} retry={() => void ledger.refetch()} />}
      {ledger.data && (
        <>
          <LedgerList ledger={ledger.data} structureName={() => structure.data?.name} />
          <Link to={`/demandes/${request.id}/transmis`} className={`${classes.whole} no-print`}>
            {t("person:ledger.whole")}
          </Link>
        </>
      )}
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
