import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";

import { ActiveAssignment } from "../../api/active";
import { get, path, problem } from "../../testing/answers";
import { agentPerson, agentRequest, agentRow, card, ids, sessions } from "../../testing/fixtures";
import { renderRoutes } from "../../testing/render";
import { server } from "../../testing/server";
import ReferralFilePage from "./ReferralFilePage";

const routes = [
  {
    path: "/files/:requestId",
    element: (
      <ActiveAssignment value={sessions.agent.active}>
        <ReferralFilePage />
      </ActiveAssignment>
    ),
  },
];
const requestPath = `referrals/agent/requests/${ids.request}`;
const personPath = `referrals/agent/persons/${ids.person}`;

function serving(shown = agentRequest) {
  server.use(
    get(requestPath, shown),
    get(personPath, agentPerson),
    get(`${personPath}/duplicates`, { items: [] }),
    get("partners/agent/directory", [
      { id: ids.structure, kind: "structure", name: "CCAS de Muret", detail: "" },
      { id: ids.account, kind: "account", name: "Nadia BELKACEM", detail: "" },
    ]),
  );
  return renderRoutes(routes, { at: `/files/${ids.request}`, session: sessions.agent });
}

function receiving(act: string) {
  const bodies: unknown[] = [];
  server.use(
    http.post(path(`${requestPath}/${act}`), async ({ request }) => {
      bodies.push(request.headers.get("If-Match"), await request.json());
      return HttpResponse.json({ id: ids.request, version: 4, state: "refused" });
    }),
  );
  return bodies;
}

test("refusing needs a reason, carries the orientation, and says who is told", async () => {
  const bodies = receiving("refuse");
  serving();
  await userEvent.click(await screen.findByRole("button", { name: "Ne pas retenir" }));
  const dialog = await screen.findByRole("dialog", { name: "Ne pas retenir cette saisine\u00a0?" });
  expect(dialog).toHaveTextContent("La structure est prévenue tout de suite");
  expect(within(dialog).getByRole("button", { name: "Ne pas retenir la saisine" })).toBeDisabled();
  await userEvent.click(within(dialog).getByLabelText("La personne relève d’un autre régime"));
  await userEvent.selectOptions(within(dialog).getByLabelText("Vers qui orienter la personne ?"), "CAF");
  await userEvent.click(within(dialog).getByRole("button", { name: "Ne pas retenir la saisine" }));
  await waitFor(() => expect(bodies).toEqual(['"3"', { reason: "other_scheme", orientation: "caf", message: null }]));
});

test("what the agent may not do is not offered", async () => {
  serving({ ...agentRequest, ...agentRow, version: 3 });
  expect(await screen.findByRole("button", { name: "Prendre" })).toBeVisible();
  expect(screen.queryByRole("button", { name: "Accepter" })).toBeNull();
});

test("a receipt is offered as long as the caisse owes an answer", async () => {
  const { unmount } = serving();
  expect(await screen.findByRole("button", { name: "Accusé de réception" })).toBeVisible();
  unmount();
  serving({ ...agentRequest, state: "accepted" });
  expect(await screen.findByRole("button", { name: "Personne injoignable" })).toBeVisible();
  expect(screen.queryByRole("button", { name: "Accusé de réception" })).toBeNull();
});

test("the number is shown after a reason and a fresh proof of identity, and hidden again", async () => {
  let proven = false;
  const reasons: unknown[] = [];
  server.use(
    http.post(path(`${personPath}/nir/reveal`), async ({ request }) => {
      reasons.push(await request.json());
      return proven ? HttpResponse.json({ kind: "nir", value: "289043155512345" }) : problem(403, "step-up-required");
    }),
    get("gateway/me/factors", { items: [{ id: "f", kind: "totp", label: "", created_at: "", last_used_at: null }], recovery_codes_left: 8 }),
    http.post(path("gateway/me/step-up/totp"), () => {
      proven = true;
      return HttpResponse.json(sessions.agent);
    }),
  );
  serving();
  expect(await screen.findByText("2 89 ** ** *** *** **")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Afficher le numéro" }));
  const dialog = await screen.findByRole("dialog", { name: "Afficher le numéro en entier" });
  await userEvent.type(within(dialog).getByLabelText("Pourquoi en avez-vous besoin ?"), "Vérifier ses droits");
  await userEvent.click(within(dialog).getByRole("button", { name: "Afficher le numéro" }));
  const proof = await screen.findByRole("dialog", { name: "Confirmez que c’est bien vous" });
  await userEvent.type(await within(proof).findByLabelText(/code à 6 chiffres/i), "123456{Enter}");
  expect(await screen.findByText("2 89 04 31 555 123 45")).toBeVisible();
  expect(reasons).toEqual([{ reason: "Vérifier ses droits" }, { reason: "Vérifier ses droits" }]);
  await userEvent.click(screen.getByRole("button", { name: "Masquer" }));
  expect(screen.getByText("2 89 ** ** *** *** **")).toBeVisible();
});

test("a person who is not entrusted opens with a reason", async () => {
  let opened = false;
  serving();
  server.use(
    http.get(path(personPath), () => (opened ? HttpResponse.json(agentPerson) : problem(403, "person-reason-needed"))),
    http.post(path(`${personPath}/open`), () => {
      opened = true;
      return HttpResponse.json({ id: ids.person, version: 1, state: "open" });
    }),
  );
  await userEvent.type(await screen.findByLabelText("Pourquoi ouvrir cette fiche ?"), "Appel de la personne");
  await userEvent.click(screen.getByRole("button", { name: "Ouvrir la fiche" }));
  expect(await screen.findByText("Madame Sofia DELMAS")).toBeVisible();
});

test("two records that are two persons are told apart with a reason", async () => {
  const told: unknown[] = [];
  serving();
  server.use(
    get(`${personPath}/duplicates`, {
      items: [{ person: { ...card, id: ids.other, display_name: "Sophia DELMAS" }, reasons: ["close_name_and_birth"] }],
    }),
    http.post(path(`${personPath}/duplicates/${ids.other}/not-same`), async ({ request }) => {
      told.push(await request.json());
      return HttpResponse.json({ id: ids.person, version: 1, state: "distinct" });
    }),
  );
  await userEvent.click(await screen.findByRole("button", { name: "Ce sont deux personnes" }));
  const dialog = await screen.findByRole("dialog", { name: "Ce sont deux personnes" });
  await userEvent.type(within(dialog).getByLabelText("Comment le savez-vous ?"), "Deux sœurs jumelles");
  await userEvent.click(within(dialog).getByRole("button", { name: "Confirmer" }));
  await waitFor(() => expect(told).toEqual([{ reason: "Deux sœurs jumelles" }]));
});

test("what puts the person at risk is said beside the number to call, and is changed with the rest of the contact", async () => {
  const contact = { ...agentPerson.contact, cautions: ["no_voice_message" as const], safe_moments: ["weekday_morning" as const] };
  serving();
  const bodies: unknown[] = [];
  server.use(
    get(personPath, { ...agentPerson, contact }),
    http.post(path(`${personPath}/amend`), async ({ request }) => {
      bodies.push(request.headers.get("If-Match"), await request.json());
      return HttpResponse.json({ id: ids.person, version: 2, state: null });
    }),
  );
  expect(await screen.findByText("Avant de contacter cette personne")).toBeVisible();
  expect(screen.getByText("Ne pas laisser de message vocal")).toBeVisible();
  const beside = screen.getByText(/^Avant d’appeler/).parentElement;
  expect(beside).toHaveTextContent(/message vocal · Appeler\s: le matin, en semaine/);
  await userEvent.click(screen.getByRole("button", { name: "Modifier ces besoins" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.click(within(dialog).getByRole("checkbox", { name: "Courriers faciles à lire (FALC)" }));
  await userEvent.click(within(dialog).getByRole("button", { name: "Enregistrer" }));
  await waitFor(() => expect(bodies).toHaveLength(2));
  expect(bodies[1]).toEqual({ contact: { ...contact, access_needs: ["easy_to_read"] } });
});
