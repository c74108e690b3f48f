import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";

import { ActiveAssignment } from "../../api/active";
import { get, path, problem } from "../../testing/answers";
import { draftRow, row, sessions, structure } from "../../testing/fixtures";
import { renderRoutes } from "../../testing/render";
import { server } from "../../testing/server";
import PartnerHomePage from "./PartnerHomePage";

const routes = [
  {
    path: "/",
    element: (
      <ActiveAssignment value={sessions.partner.active}>
        <PartnerHomePage />
      </ActiveAssignment>
    ),
  },
];

const overview = {
  waiting_for_me: [draftRow, { ...row, id: "x", turn: "partner", unread: 1 }],
  counts: { draft: { count: 2, more: false }, taken_on: { count: 100, more: true } },
  delays: [
    { kind: "misas_referral", target_days: 2, observed_days: 3.6 },
    { kind: "send_file", target_days: 10, observed_days: null },
    { kind: "urgent", target_days: 4, observed_days: null },
  ],
  recent: [row],
};

test("says what waits for the structure and leads to it; each answer says how long it takes", async () => {
  server.use(get("accompaniments/partner/offers", { places: [], kinds: [], time_zone: "Europe/Paris" }), get("referrals/partner/home", overview), get("partners/partner/structure", structure));
  renderRoutes(routes);
  const todo = await screen.findByRole("region", { name: "À vous de jouer (2)" });
  expect(within(todo).getAllByRole("link")[0]).toHaveAttribute("href", `/saisine/${draftRow.id}`);
  expect(todo).toHaveTextContent("311-2026-000482 : nouveau message de la caisse");
  expect(screen.getByRole("link", { name: "100+ Prise en charge" })).toHaveAttribute("href", "/demandes?etat=taken_on");
  expect(screen.getByText("En ce moment : réponse en 4 jours ouvrés")).toBeVisible();
  expect(screen.getByText("Réponse visée : 10 jours ouvrés")).toBeVisible();
  expect(screen.getByRole("link", { name: "Adresser un dossier" })).toHaveAttribute("href", "/demarche/dossier");
  expect(screen.getByRole("link", { name: "Prendre rendez-vous" })).toHaveAttribute("href", "/demarche/rendez-vous");
  expect(screen.getByRole("link", { name: "Signaler au service social" })).toHaveAttribute("href", "/demarche/service-social");
  expect(screen.queryByText("Situation urgente")).toBeNull();
});

test("the urgency line is told only to who is trained today", async () => {
  const right = { id: "r", version: 1, right: "lup", from_on: "2020-01-01", until_on: "2999-12-31", account_id: null };
  server.use(
    get("accompaniments/partner/offers", { places: [], kinds: [], time_zone: "Europe/Paris" }), get("referrals/partner/home", overview),
    get("partners/partner/structure", { ...structure, rights: [right] }),
  );
  renderRoutes(routes);
  const act = await screen.findByRole("link", { name: "Signaler une situation urgente" });
  expect(act).toHaveAttribute("href", "/demarche/urgence");
  expect(await screen.findByText("Réponse visée : 4 jours ouvrés")).toBeVisible();
  expect(await screen.findByText(/formation valable jusqu’au 31 décembre 2999/i)).toBeVisible();
});

test("a service that is down leaves the answers usable and offers to try again", async () => {
  let down = true;
  server.use(
    get("partners/partner/structure", structure),
    http.get(path("referrals/partner/home"), () => (down ? problem(503, "busy") : HttpResponse.json(overview))),
  );
  renderRoutes(routes);
  expect(await screen.findByRole("link", { name: "Saisir la Mission Accompagnement Santé" })).toBeVisible();
  down = false;
  await userEvent.click(await screen.findByRole("button", { name: "Réessayer" }));
  expect(await screen.findByText("Mes demandes récentes")).toBeVisible();
});
