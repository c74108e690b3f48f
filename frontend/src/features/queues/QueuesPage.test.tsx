import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";

import { ActiveAssignment } from "../../api/active";
import { get, path } from "../../testing/answers";
import { agentRow, ids, sessions } from "../../testing/fixtures";
import { renderRoutes } from "../../testing/render";
import { server } from "../../testing/server";
import QueuesPage from "./QueuesPage";

const routes = [
  {
    path: "/files",
    element: (
      <ActiveAssignment value={sessions.agent.active}>
        <QueuesPage />
      </ActiveAssignment>
    ),
  },
];

function serving() {
  server.use(
    get("referrals/agent/queues", {
      items: [
        {
          queue: "misas",
          waiting: { count: 2, more: false },
          overdue: { count: 1, more: false },
          oldest_due_on: "2026-03-09",
          delays: [{ kind: "misas_referral", target_days: 2, observed_days: null }],
        },
      ],
    }),
    get("referrals/agent/requests", {
      items: [
        { ...agentRow, working_days_left: -3, overdue: true },
        { ...agentRow, id: ids.other, number: "311-2026-000483", person: null },
      ],
      next_cursor: null,
    }),
    get("partners/agent/directory", [{ id: ids.structure, kind: "structure", name: "CCAS de Muret", detail: "" }]),
  );
}

test("the queue tells who waits since when, by whom, and names nobody who is not entrusted", async () => {
  serving();
  renderRoutes(routes, { at: "/files" });
  expect(await screen.findByRole("row", { name: /Sofia DELMAS.*CCAS de Muret.*3 jours ouvrés de retard/ })).toBeVisible();
  expect(screen.getByRole("row", { name: /311-2026-000483.*Identité visible après la prise en charge/ })).toBeVisible();
  expect(await screen.findByText("2 demandes à prendre")).toBeVisible();
});

test("several are taken at once; those that a colleague took first are told with the reason", async () => {
  serving();
  const asked: unknown[] = [];
  server.use(
    http.post(path("referrals/agent/requests/take"), async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json({
        taken: [{ id: ids.request, version: 4, state: "relevance_review" }],
        refused: [{ id: ids.other, reason: "already-taken", detail: "Un collègue l’a déjà prise." }],
      });
    }),
  );
  renderRoutes(routes, { at: "/files" });
  await userEvent.click(await screen.findByLabelText("Choisir la demande 311-2026-000482"));
  await userEvent.click(screen.getByLabelText("Choisir la demande 311-2026-000483"));
  await userEvent.click(screen.getByRole("button", { name: "Prendre ces 2 demandes" }));
  expect(await screen.findByText(/1 demande est à vous\. Une n’a pas pu l’être : Un collègue l’a déjà prise\./)).toBeVisible();
  expect(asked).toEqual([{ ids: [ids.request, ids.other] }]);
});

test("j and k walk through the list, / goes to the search", async () => {
  serving();
  renderRoutes(routes, { at: "/files" });
  await screen.findByRole("link", { name: "Sofia DELMAS" });
  await userEvent.keyboard("j");
  expect(screen.getByRole("link", { name: "Sofia DELMAS" })).toHaveFocus();
  await userEvent.keyboard("j");
  expect(screen.getByRole("link", { name: "311-2026-000483" })).toHaveFocus();
  await userEvent.keyboard("k/");
  await waitFor(() => expect(screen.getByLabelText("Numéro")).toHaveFocus());
});
