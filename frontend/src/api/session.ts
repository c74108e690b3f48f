import { type QueryClient, useQuery, useSuspenseQuery } from "@tanstack/react-query";

import { api, type Schemas } from "./client";

export type SessionView = Schemas["SessionView"];
export type Assignment = SessionView["assignments"][number];

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
