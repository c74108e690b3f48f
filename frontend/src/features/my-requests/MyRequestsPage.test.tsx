import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";

import { path } from "../../testing/answers";
import { draftRow, row } from "../../testing/fixtures";
import { renderRoutes } from "../../testing/render";
import { server } from "../../testing/server";
import MyRequestsPage from "./MyRequestsPage";

const routes = [{ path: "/demandes", Component: MyRequestsPage }];

function listing(items: unknown[], next_cursor: string | null = null) {
  const asked: string[] = [];
  server.use(
    http.get(path("referrals/partner/requests"), ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ items, next_cursor });
    }),
  );
  return asked;
}

test("filters live in the address and are sent; an unknown value in the address is ignored", async () => {
  const asked = listing([row, { ...draftRow, id: "d" }], "suite");
  const { router } = renderRoutes(routes, { at: "/demandes?etat=received&tour=personne" });
  const table = await screen.findByRole("table");
  expect(asked[0]).toBe("?state=received");
  expect(within(table).getByRole("row", { name: /311-2026-000482.*À l’étude.*À la caisse/ })).toBeVisible();
  await userEvent.selectOptions(screen.getByLabelText("À qui d’agir"), "À vous");
  await waitFor(() => expect(asked.at(-1)).toBe("?state=received&turn=partner"));
  await userEvent.click(screen.getByRole("button", { name: "Page suivante" }));
  await waitFor(() => expect(asked.at(-1)).toContain("cursor=suite"));
  await userEvent.selectOptions(screen.getByLabelText("État"), "Tous les états");
  expect(router.state.location.search).toBe("?tour=partner");
});

test("a draft leads back to its form, a sent request to its page", async () => {
  listing([row, { ...draftRow, id: "d" }]);
  renderRoutes(routes, { at: "/demandes" });
  const [sent, draft] = await screen.findAllByRole("link", { name: "Sofia DELMAS" });
  expect(sent).toHaveAttribute("href", `/demandes/${row.id}`);
  expect(draft).toHaveAttribute("href", "/saisine/d");
});

test("nothing found says so and clears the filters", async () => {
  const asked = listing([]);
  renderRoutes(routes, { at: "/demandes?etat=expired" });
  await userEvent.click(await screen.findByRole("button", { name: "Effacer les filtres" }));
  expect(await screen.findByText("Pas encore de demande")).toBeVisible();
  expect(asked.at(-1)).toBe("");
});
