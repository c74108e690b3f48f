import type { QueryClient } from "@tanstack/react-query";

import { client, type Schemas } from "./client";
import { told } from "./identity";

export type Side = "partner" | "agent";
export type Consent = Schemas["ConsentOut"];

const partner = "/api/v1/referrals/partner";
const agent = "/api/v1/referrals/agent";

/** What a person agreed to for a request, newest first. */
export const consents = (side: Side, request_id: string) => ({
  queryKey: ["get", `/api/v1/referrals/${side}/requests/{request_id}/consents`, request_id],
  queryFn: () => {
    const params = { params: { path: { request_id } } };
    return told(
      side === "partner"
        ? client.GET(`${partner}/requests/{request_id}/consents`, params)
        : client.GET(`${agent}/requests/{request_id}/consents`, params),
    );
  },
});

export function withdrawConsent(side: Side, consent: Consent, body: Schemas["ConsentWithdrawalIn"]) {
  const params = { path: { consent_id: consent.id }, header: { "If-Match": `"${consent.version}"` } };
  return told(
    side === "partner"
      ? client.POST(`${partner}/consents/{consent_id}/withdraw`, { params, body })
      : client.POST(`${agent}/consents/{consent_id}/withdraw`, { params, body }),
  );
}

export function consentReceipt(side: Side, consent_id: string) {
  const asked = { params: { path: { consent_id } }, parseAs: "blob" } as const;
  return side === "partner"
    ? client.GET(`${partner}/consents/{consent_id}/receipt`, asked)
    : client.GET(`${agent}/consents/{consent_id}/receipt`, asked);
}

/** A request ends, a person is no longer open, a ledger grows: everything that was read is read again. */
export const refreshReferrals = (queryClient: QueryClient) =>
  queryClient.invalidateQueries({
    predicate: ({ queryKey: [, path] }) => typeof path === "string" && path.startsWith("/api/v1/referrals/"),
  });
