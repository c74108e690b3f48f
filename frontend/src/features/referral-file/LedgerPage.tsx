import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";

import { personLedger } from "../../api/ledger";
import { useDirectory } from "../../api/partners";
import { LedgerSheet } from "../../ui/person/LedgerSheet";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { Waiting } from "../../ui/Waiting";
import { request } from "./api";

/** Everything that left about the person of a file, to be handed to them. */
export default function LedgerPage() {
  const { requestId = "" } = useParams();
  const shown = useQuery(request(requestId));
  const personId = shown.data?.person_id;
  const ledger = useQuery({ ...personLedger(personId ?? ""), enabled: personId !== undefined });
  const names = useDirectory(ledger.data?.entries.map((entry) => entry.structure_id) ?? []);
  const error = shown.error ?? ledger.error;
  if (error) return <ProblemScreen error={error} back={`/files/${requestId}`} />;
  if (!ledger.data) return <Waiting rows={8} />;
  return (
    <LedgerSheet
      ledger={ledger.data}
      name={shown.data?.person?.display_name}
      back={`/files/${requestId}`}
      structureName={(id) => (id ? names.get(id)?.name : undefined)}
    />
  );
}
