import { useQuery } from "@tanstack/react-query";

import { api } from "./client";
import type { Assignment } from "./session";

const reference = { staleTime: 10 * 60_000 };

export const partnerMe = () => ({ ...api.queryOptions("get", "/api/v1/partners/partner/me"), ...reference });

export const agentMe = () => ({ ...api.queryOptions("get", "/api/v1/partners/agent/me"), ...reference });

export const partnerStructure = () => ({
  ...api.queryOptions("get", "/api/v1/partners/partner/structure"),
  ...reference,
});

/** Who is signed in, whichever side of the counter. Undefined while unknown, or for audiences without a directory entry. */
export function useMe(active: Assignment) {
  const isPartner = active.audience === "partner";
  const partner = useQuery({ ...partnerMe(), enabled: isPartner });
  const agent = useQuery({ ...agentMe(), enabled: active.audience === "agent" });
  return isPartner ? partner.data : agent.data;
}
