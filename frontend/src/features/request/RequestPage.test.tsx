import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";

import { todayIso } from "../../lib/dates";
import { get, path } from "../../testing/answers";
import { consent, ids, request, structure } from "../../testing/fixtures";
import { renderRoutes } from "../../testing/render";
import { server } from "../../testing/server";
import RequestPage from "./RequestPage";

const routes = [{ path: "/demandes/:requestId", Component: RequestPage }];
const requestPath = `referrals/partner/requests/${ids.request}`;
const at = `/demandes/${ids.request}`;

test("tells whose turn it is, answers the caisse, and marks what was read as read", async () => {
  const done: string[] = [];
  server.use(
    get("partners/partner/structure", structure),
    http.get(path(requestPath), () =>
      HttpResponse.json({ ...request, turn: "partner", unread: done.includes("read") ? 0 : 1 }),
    ),
    http.post(path(`${requestPath}/read`), () => {
      done.push("read");
      return HttpResponse.json({ id: ids.request, version: 3, state: "under_review" });
    }),
    http.post(path(`${requestPath}/messages`), async ({ request: sent }) => {
      done.push(((await sent.json()) as { text: string }).text);
      return HttpResponse.json({ id: "m", version: 3, state: "under_review" }, { status: 201 });
    }),
  );
  renderRoutes(routes, { at });
  expect(await screen.findByText("La caisse vous a écrit et attend votre réponse.")).toBeVisible();
  await waitFor(() => expect(done).toEqual(["read"]));
  await userEvent.type(screen.getByLabelText("Écrire à la caisse"), "Oui");
  await userEvent.click(screen.getByRole("button", { name: "Envoyer le message" }));
  expect(await screen.findByText("Votre message est envoyé à la caisse.")).toBeVisible();
  expect(done).toEqual(["read", "Oui"]);
  expect(screen.getByLabelText("Écrire à la caisse")).toHaveValue("");
});

test("withdrawing says before what happens, asks why, and acts on the version shown", async () => {
  const withdrawn: unknown[] = [];
  server.use(
    get("partners/partner/structure", structure),
    get(requestPath, request),
    http.post(path(`${requestPath}/withdraw`), async ({ request: sent }) => {
      withdrawn.push(sent.headers.get("If-Match"), await sent.json());
      return HttpResponse.json({ id: ids.request, version: 4, state: "withdrawn" });
    }),
  );
  renderRoutes(routes, { at });
  await userEvent.click(await screen.findByRole("button", { name: "Retirer la demande" }));
  const dialog = await screen.findByRole("dialog", { name: "Retirer cette demande\u00a0?" });
  expect(dialog).toHaveTextContent("n’appellera pas la personne");
  const confirm = within(dialog).getByRole("button", { name: "Retirer la demande" });
  expect(confirm).toBeDisabled();
  await userEvent.click(within(dialog).getByLabelText("La situation est réglée"));
  await userEvent.click(confirm);
  await waitFor(() => expect(withdrawn).toEqual(['"3"', { reason: "resolved", message: null }]));
});

test("a refusal shows the general reason and where to go, and the thread is closed", async () => {
  const event = {
    id: "e",
    at: "2026-03-12T09:00:00Z",
    event: "refuse",
    side: "caisse",
    actor: null,
    state: "not_taken_on",
    state_label: "",
    reason: "other_body",
    reason_label: "",
    orientation: "caf",
    orientation_label: "CAF",
    outcome: null,
    items: [],
    until_on: null,
    target: null,
    target_body: null,
    message: "Bonne suite.",
  };
  server.use(
    get("partners/partner/structure", structure),
    get(requestPath, {
      ...request,
      state: "not_taken_on",
      turn: "nobody",
      form: null,
      timeline: [event],
      abilities: { ...request.abilities, withdraw: false, write: false },
    }),
  );
  renderRoutes(routes, { at });
  expect(await screen.findByText("La mission ne prend pas la personne en charge")).toBeVisible();
  expect(screen.getByText("Où s’adresser : CAF.")).toBeVisible();
  expect(screen.getByText(/on ne peut plus y écrire/)).toBeVisible();
  expect(screen.queryByRole("button", { name: "Retirer la demande" })).toBeNull();
});

test("the person's word is written down with its day and its way, from the agreement that was shown", async () => {
  const said: unknown[] = [];
  server.use(
    get("partners/partner/structure", structure),
    get(requestPath, request),
    get(`${requestPath}/consents`, [consent]),
    http.post(path(`referrals/partner/consents/${consent.id}/withdraw`), async ({ request: sent }) => {
      said.push(sent.headers.get("If-Match"), await sent.json());
      return HttpResponse.json({ id: consent.id, version: 2, state: "withdrawn" });
    }),
  );
  renderRoutes(routes, { at });
  await userEvent.click(await screen.findByRole("button", { name: "Enregistrer un retrait" }));
  const dialog = await screen.findByRole("dialog");
  expect(dialog).toHaveTextContent("Ne demandez pas pourquoi");
  const confirm = within(dialog).getByRole("button", { name: "Enregistrer le retrait" });
  expect(confirm).toBeDisabled();
  await userEvent.click(within(dialog).getByLabelText("Par téléphone"));
  await userEvent.click(confirm);
  await waitFor(() => expect(said).toEqual(['"1"', { withdrawn_on: todayIso(), channel: "phone" }]));
});

test("an agreement that was taken back says so first, and gives the receipt", async () => {
  server.use(
    get("partners/partner/structure", structure),
    get(requestPath, request),
    get(`${requestPath}/consents`, [
      { ...consent, state: "withdrawn", withdrawn_on: "2026-03-12", withdrawn_channel: "phone", withdrawn_side: "caisse", effect: "to_stop", abilities: { withdraw: false } },
    ]),
  );
  renderRoutes(routes, { at });
  expect(await screen.findByText("Accord retiré le 12 mars 2026, par téléphone")).toBeVisible();
  expect(screen.getByRole("button", { name: "Reçu du retrait" })).toBeVisible();
  expect(screen.queryByRole("button", { name: "Enregistrer un retrait" })).toBeNull();
});

test("what left is told with whom it went to and the agreement it went on", async () => {
  server.use(
    get("partners/partner/structure", structure),
    get(requestPath, request),
    get(`${requestPath}/ledger`, {
      caisse_name: "CPAM de la Haute-Garonne",
      more: false,
      entries: [
        {
          id: "e1",
          at: "2026-03-09T09:00:00Z",
          item: "request",
          detail: null,
          side: "partner",
          recipient_kind: "body",
          recipient: "311",
          recipient_name: "CPAM de la Haute-Garonne",
          structure_id: ids.structure,
          request_id: ids.request,
          request_number: request.number,
          agreement: { id: consent.id, informed_on: "2026-03-09", channel: "in_person", state: "withdrawn", withdrawn_on: "2026-03-12" },
        },
      ],
    }),
  );
  renderRoutes(routes, { at });
  const left = await screen.findByRole("region", { name: "Ce qui a été transmis" });
  expect(await within(left).findByText(/^Formulaire de la demande/)).toBeVisible();
  expect(within(left).getByText(/À\s: CPAM de la Haute-Garonne/)).toBeVisible();
  expect(within(left).getByText("Sur l’accord du 9 mars 2026, de vive voix · accord retiré le 12 mars 2026")).toBeVisible();
  expect(within(left).getByRole("link", { name: "Voir et imprimer la liste entière" })).toHaveAttribute("href", `${at}/transmis`);
});
