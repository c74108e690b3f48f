import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";

import type { MisasForm } from "../../api/forms";
import { get, path, problem } from "../../testing/answers";
import { draft, emptyForm, fullForm, ids, structure } from "../../testing/fixtures";
import { renderRoutes } from "../../testing/render";
import { server } from "../../testing/server";
import AgreementPage from "./AgreementPage";
import DraftLayout from "./DraftLayout";
import SentPage from "./SentPage";
import SituationPage from "./SituationPage";
import SummaryPage from "./SummaryPage";

const routes = [
  {
    path: "/saisine/:requestId",
    children: [
      {
        Component: DraftLayout,
        children: [
          { path: "situation", Component: SituationPage },
          { path: "accord", Component: AgreementPage },
          { path: "recapitulatif", Component: SummaryPage },
        ],
      },
      { path: "envoyee", Component: SentPage },
    ],
  },
];

const requestPath = `referrals/partner/requests/${ids.request}`;

/** A draft on the server that keeps what it is sent. */
function serving(form: MisasForm) {
  const saves: { version: string | null; form: MisasForm }[] = [];
  server.use(
    get(requestPath, { ...draft, form }),
    get("partners/partner/structure", structure),
    get("referrals/partner/information-statement", { version: "2022-11", title: "À dire", paragraphs: ["La mission vous appellera."] }),
    get(`referrals/partner/persons/${ids.person}`, { contact: { phone: "+33612345612" } }),
    http.put(path(`${requestPath}/form`), async ({ request }) => {
      saves.push({ version: request.headers.get("If-Match"), form: (await request.json()) as MisasForm });
      return HttpResponse.json({ id: ids.request, version: 3 + saves.length, state: "draft", expires_on: "2026-04-10", warnings: [] });
    }),
  );
  return saves;
}

test("what is missing is said beside the field and in a summary; answers are saved under the version read", async () => {
  const saves = serving(emptyForm);
  const { router } = renderRoutes(routes, { at: `/saisine/${ids.request}/situation` });
  await userEvent.click(await screen.findByLabelText("Renoncement aux soins"));
  await userEvent.click(screen.getByRole("button", { name: "Continuer" }));
  const summary = await screen.findByRole("alert");
  expect(within(summary).getByRole("link", { name: /À quels soins/ })).toHaveAttribute("href", "#renounced_care");
  await userEvent.click(screen.getByLabelText("Soins dentaires"));
  await userEvent.click(screen.getByLabelText("Reste à charge trop élevé"));
  await userEvent.click(screen.getByLabelText(/Réunir des aides financières/));
  await userEvent.click(screen.getByRole("button", { name: "Continuer" }));
  await waitFor(() => expect(router.state.location.pathname).toMatch(/accord$/));
  expect(saves[0]?.version).toBe('"3"');
  expect(saves.at(-1)?.form).toMatchObject({
    scopes: ["renoncement_soins"],
    renounced_care: [{ care_type: "dental", reasons: ["out_of_pocket"] }],
    motives: ["plan_aide_financiere"],
  });
});

test("a medical word is pointed at while one types", async () => {
  serving(fullForm);
  renderRoutes(routes, { at: `/saisine/${ids.request}/situation` });
  await userEvent.type(await screen.findByLabelText(/Ce qu’il est utile de savoir/), "Elle a un cancer");
  expect(await screen.findByText(/Ce mot semble médical : cancer/)).toBeVisible();
});

test("the statement read is kept with the agreement; a refusal of the person is told", async () => {
  const saves = serving({ ...fullForm, phone: null, informed: emptyForm.informed });
  renderRoutes(routes, { at: `/saisine/${ids.request}/accord` });
  expect(await screen.findByText("La mission vous appellera.")).toBeVisible();
  await userEvent.click(screen.getByLabelText("Non, ou pas encore"));
  expect(screen.getByText("La demande ne peut pas encore partir")).toBeVisible();
  await userEvent.click(screen.getByLabelText("Oui"));
  await userEvent.click(await screen.findByRole("button", { name: /Reprendre le 06.12.34.56.12/ }));
  await waitFor(() =>
    expect(saves.at(-1)?.form).toMatchObject({
      phone: "+33612345612",
      informed: { agrees_to_be_called: true, statement_version: "2022-11" },
    }),
  );
});

test("a refusal to send leads to the step where it is mended; once mended it goes", async () => {
  serving(fullForm);
  let refused = true;
  server.use(
    http.post(path(`${requestPath}/submit`), () =>
      refused
        ? problem(422, "invalid", { title: "Saisie à corriger", errors: [{ field: "phone", message: "Ce numéro n'est pas valide." }] })
        : HttpResponse.json({ id: ids.request, version: 9, state: "received", number: "311-2026-000512", due_on: "2026-03-16", warnings: [] }),
    ),
  );
  const { router } = renderRoutes(routes, { at: `/saisine/${ids.request}/recapitulatif` });
  await userEvent.click(await screen.findByRole("button", { name: "Envoyer la saisine" }));
  const line = await screen.findByRole("link", { name: /^Accord.: Ce numéro n'est pas valide/ });
  expect(line).toHaveAttribute("href", `/saisine/${ids.request}/accord#phone`);
  refused = false;
  await userEvent.click(screen.getByRole("button", { name: "Envoyer la saisine" }));
  expect(await screen.findByText("311-2026-000512")).toBeVisible();
  expect(router.state.location.pathname).toMatch(/envoyee$/);
});

test("somebody else's change is compared, field by field, and nothing is lost", async () => {
  const saves = serving({ ...fullForm, best_time: "le matin" });
  let first = true;
  server.use(
    http.put(path(`${requestPath}/form`), async ({ request }) => {
      if (first) {
        first = false;
        server.use(get(requestPath, { ...draft, version: 7, form: { ...fullForm, best_time: "le soir", detector_note: "Voisine" } }));
        return problem(412, "stale-version");
      }
      saves.push({ version: request.headers.get("If-Match"), form: (await request.json()) as MisasForm });
      return HttpResponse.json({ id: ids.request, version: 8, state: "draft", expires_on: "2026-04-10", warnings: [] });
    }),
  );
  renderRoutes(routes, { at: `/saisine/${ids.request}/accord` });
  // At once: on a slow machine what is typed letter by letter is saved in the middle.
  await userEvent.click(await screen.findByLabelText(/Meilleur moment/));
  await userEvent.paste(", pas le mercredi");
  const dialog = await screen.findByRole("dialog", { name: /Quelqu’un a modifié/ });
  const note = within(dialog).getByRole("group", { name: "Un mot pour le conseiller (facultatif)" });
  await userEvent.click(within(note).getByLabelText("Garder l’autre"));
  await userEvent.click(within(dialog).getByRole("button", { name: "Enregistrer mes choix" }));
  await waitFor(() => expect(saves).toHaveLength(1));
  expect(saves[0]).toMatchObject({
    version: '"7"',
    form: { best_time: "le matin, pas le mercredi", detector_note: "Voisine" },
  });
});
