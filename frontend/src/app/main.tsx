import "../ui/mantine.css";
import "../ui/global.css";
import "../i18n";

import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { setNonce } from "get-nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";

import { makeQueryClient } from "../api/query-client";
import { sessionQuery } from "../api/session";
import { theme, variables } from "../ui/theme";
import { makeRouter } from "./router";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no root");

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
// The scroll lock of dialogs writes a style of its own, and asks this module for its nonce.
setNonce(nonce);
const queryClient = makeQueryClient();
// Asked before the first render: every screen needs it.
void queryClient.prefetchQuery(sessionQuery());

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={makeRouter()} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
