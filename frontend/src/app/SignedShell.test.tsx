import { act, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { keepSession, type SessionView } from "../api/session";
import { startAfresh } from "../lib/start-afresh";
import { sessions } from "../testing/fixtures";
import { renderRoutes } from "../testing/render";
import { SignedShell } from "./SignedShell";

vi.mock("../lib/start-afresh", () => ({ startAfresh: vi.fn() }));
vi.mock("./AgentShell", () => ({ default: () => <p>Fiche de Madame Durand</p> }));

const elsewhere = "00000000-0000-4000-8000-000000000001";

test.each<[string, (session: SessionView) => SessionView]>([
  ["somebody else", (session) => ({ ...session, account_id: elsewhere })],
  ["another role", (session) => ({ ...session, active: session.active && { ...session.active, assignment_id: elsewhere } })],
])("%s signed in from another tab sees nothing of what was on the screen", async (_, change) => {
  const { queryClient } = renderRoutes([{ path: "/", Component: SignedShell }], { session: sessions.agent });
  await screen.findByText("Fiche de Madame Durand");

  await act(async () => Promise.resolve(keepSession(queryClient, { ...sessions.agent, idle_expires_at: null })));
  expect(screen.getByText("Fiche de Madame Durand")).toBeVisible();
  expect(startAfresh).not.toHaveBeenCalled();

  act(() => keepSession(queryClient, change(sessions.agent)));
  await waitFor(() => expect(screen.queryByText("Fiche de Madame Durand")).toBeNull());
  expect(startAfresh).toHaveBeenCalledOnce();
  vi.mocked(startAfresh).mockClear();
});
