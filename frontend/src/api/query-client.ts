import { QueryClient } from "@tanstack/react-query";

import { asProblem } from "../lib/problem";

/** A refusal will not change by asking again; a cut may. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) => asProblem(error).status >= 502 && failures < 2,
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  });
}
