import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";

import { requestLedger } from "../../api/ledger";
import { partnerStructure } from "../../api/partners";
import { LedgerSheet } from "../../ui/person/LedgerSheet";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { Waiting } from "../../ui/Waiting";
import { request } from "./api";

/** What left through a request of the structure, to be handed to the person. */
export default function LedgerPage() {
  const { requestId = "" } = useParams();
  const shown = useQuery(request(requestId));
  const structure = useQuery(partnerStructure());
  const ledger = useQuery(requestLedger(requestId));
  if (ledger.isPending) return <Waiting rows={8} />;
  if (ledger.isError) return <ProblemScreen error={ledger.error} retry={() => void ledger.refetch()} back="/demandes" />;
  return (
    <LedgerSheet
      ledger={ledger.data}
      name={shown.data?.person?.display_name}
      back={`/demandes/${requestId}`}
      structureName={() => structure.data?.name}
    />
  );
}
