import { useQuery } from "@tanstack/react-query";

import { api, client, type Schemas } from "./client";
import { told } from "./identity";
import type { ActiveRole } from "./session";

const reference = { staleTime: 10 * 60_000 };

export const partnerStructure = () => ({
  ...api.queryOptions("get", "/api/v1/partners/partner/structure"),
  ...reference,
});

const read = {
  partner: () => client.GET("/api/v1/partners/partner/me"),
  agent: () => client.GET("/api/v1/partners/agent/me"),
  officer: () => client.GET("/api/v1/partners/officer/me"),
  pilot: () => client.GET("/api/v1/partners/pilot/me"),
};

export const me = (audience: ActiveRole["audience"]) => ({
  queryKey: ["me", audience],
  queryFn: () => told(read[audience]()),
  ...reference,
});

/** Who is signed in, whichever side of the counter; undefined while unknown. */
export function useMe(active: ActiveRole) {
  return useQuery(me(active.audience)).data;
}

/** Who keeps the partners of a caisse, as the contracts have it. */
export const isDesk = (role: string) => role === "coordinateur" || role === "responsable_unite";

export type DirectoryEntry = Schemas["DirectoryEntry"];

/** Names of structures and accounts, by id; the ids are sorted so that one page asks once. */
export function useDirectory(ids: readonly (string | null | undefined)[]): Map<string, DirectoryEntry> {
  const wanted = [...new Set(ids.filter((id): id is string => Boolean(id)))].sort().slice(0, 100);
  const answer = useQuery({
    ...api.queryOptions("get", "/api/v1/partners/agent/directory", { params: { query: { ids: wanted } } }),
    ...reference,
    enabled: wanted.length > 0,
  });
  return new Map((answer.data ?? []).map((entry) => [entry.id, entry]));
}

/** Agents of the caisse to whom work may be given. */
export const colleagues = (unit: string | null) => ({
  ...api.queryOptions("get", "/api/v1/partners/agent/colleagues", { params: { query: { unit, limit: 100 } } }),
  ...reference,
});

export const units = () => ({ ...api.queryOptions("get", "/api/v1/partners/agent/units"), ...reference });

export const bodies = () => ({ ...api.queryOptions("get", "/api/v1/partners/agent/bodies"), ...reference });
