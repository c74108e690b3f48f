import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import { Suspense } from "react";
import { createMemoryRouter, RouterProvider, type RouteObject } from "react-router";

import { makeQueryClient } from "../api/query-client";
import { keepSession, type SessionView } from "../api/session";
import { Announcer } from "../ui/Announcer";
import { theme, variables } from "../ui/theme";
import { Interruptions } from "../app/Interruptions";

type Options = { at?: string; session?: SessionView };

/** Renders routes as the application does, with its own transport, cache and dialogs. */
export function renderRoutes(routes: RouteObject[], { at = "/", session }: Options = {}) {
  const queryClient = makeQueryClient();
  queryClient.setDefaultOptions({ queries: { ...queryClient.getDefaultOptions().queries, retry: false } });
  if (session) keepSession(queryClient, session);
  const router = createMemoryRouter(routes, { initialEntries: [at] });
  const view = render(
    <MantineProvider theme={theme} cssVariablesResolver={variables} env="test">
      <QueryClientProvider client={queryClient}>
        <Suspense fallback={null}>
          <RouterProvider router={router} />
        </Suspense>
        <Announcer />
        <Interruptions />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { ...view, router, queryClient };
}
