import { api, type Schemas } from "./client";

export type Ledger = Schemas["Ledger"];
export type LedgerEntry = Schemas["LedgerEntry"];

/** What left through one request of the structure. */
export const requestLedger = (request_id: string) =>
  api.queryOptions("get", "/api/v1/referrals/partner/requests/{request_id}/ledger", {
    params: { path: { request_id } },
  });

/** Everything that left about a person in charge. */
export const personLedger = (person_id: string) => ({
  ...api.queryOptions("get", "/api/v1/referrals/agent/persons/{person_id}/ledger", { params: { path: { person_id } } }),
  refetchOnWindowFocus: false,
});
