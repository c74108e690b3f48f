import { type QueryClient, useQuery, useSuspenseQuery } from "@tanstack/react-query";

import { api, type Schemas } from "./client";
import { lastOpenSession } from "./last-session";

export type SessionView = Schemas["SessionView"];
/** A role to choose from, and the one chosen. */
export type Assignment = SessionView["assignments"][number];
export type ActiveRole = NonNullable<SessionView["active"]>;

export const sessionQuery = () =>
  ({ ...api.queryOptions("get", "/api/v1/gateway/anyone/session"), staleTime: 60_000 }) as const;

export function useSession(): SessionView {
  return useSuspenseQuery(sessionQuery()).data;
}

export function useMaybeSession(): SessionView | undefined {
  return useQuery(sessionQuery()).data;
}

export function keepSession(queryClient: QueryClient, session: SessionView): void {
  queryClient.setQueryData(sessionQuery().queryKey, session);
}

/** The account under which the page is shown; kept while an expired session is being opened again. */
export function useActiveAccount(): string | null {
  return useSession().account_id ?? lastOpenSession()?.account_id ?? null;
}
