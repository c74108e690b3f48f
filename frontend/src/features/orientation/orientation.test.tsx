import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";

import { ActiveAssignment } from "../../api/active";
import { get, path } from "../../testing/answers";
import { sessions } from "../../testing/fixtures";
import { renderRoutes } from "../../testing/render";
import { server } from "../../testing/server";
import type { Answer, Answers, Motives, Outcome, Question } from "./api";
import MotivesPage from "./MotivesPage";
import { isElsewhere, pathOf } from "./next-steps";
import OrientationPage from "./OrientationPage";

const need: Question = {
  code: "need",
  text: "De quoi a-t-elle besoin ?",
  help: null,
  departments: false,
  choices: [
    { code: "care", label: "Se soigner", help: "Elle renonce à des soins" },
    { code: "home", label: "Être aidée chez elle", help: null },
  ],
};
const child: Question = { ...need, code: "child", text: "Un enfant vit-il au foyer ?", choices: [{ code: "yes", label: "Oui", help: null }] };
const caf = { code: "caf", name: "CAF", who: "Elle verse les prestations.", does: "Sur caf.fr.", outside: true };
const outcome: Outcome = {
  id: "home_child",
  destination: caf,
  step: { kind: "outside", fills: {} },
  reason: "Un enfant vit au foyer.",
  also: [],
  self_service: null,
  rules: ["DOM-02"],
};

function answerTo(answers: Answers, last: Outcome): Answer {
  const path = [need, child]
    .filter((one) => answers[one.code])
    .map((one) => ({ question: one.code, text: one.text, answer: answers[one.code]!, label: one.choices.find((c) => c.code === answers[one.code])!.label }));
  const question = path.length === 0 ? need : path.length === 1 ? child : null;
  return { version: "v", path, question, outcome: question ? null : last, most_left: 2 - path.length };
}

function open(last = outcome, session = sessions.partner) {
  const side = session === sessions.partner ? "partner" : "agent";
  const sent: Answers[] = [];
  server.use(
    http.post(path(`referrals/${side}/orientation`), async ({ request }) => {
      const { answers } = (await request.json()) as { answers: Answers };
      sent.push(answers);
      return HttpResponse.json(answerTo(answers, last));
    }),
  );
  const shown = <ActiveAssignment value={session.active}><OrientationPage /></ActiveAssignment>;
  return { sent, ...renderRoutes([{ path: "/orientation", element: shown }], { at: "/orientation" }) };
}

const click = async (role: string, name: string | RegExp) => userEvent.click(await screen.findByRole(role, { name }));

test("asks one question a page, keeps the answers out of the address, and says who takes it and by which rule", async () => {
  const { router, sent } = open();
  expect(await screen.findByText("Question 1 · encore 1 au plus")).toBeVisible();
  await click("button", "Continuer");
  expect(screen.getByRole("alert")).toHaveTextContent("Choisissez une réponse");
  await click("radio", /Être aidée/);
  await click("button", "Continuer");
  await click("radio", "Oui");
  await click("button", "Continuer");
  expect(await screen.findByRole("heading", { level: 1, name: "CAF" })).toBeVisible();
  expect(screen.getByText("Règle appliquée : DOM-02")).toBeVisible();
  expect(screen.getByText("Sur caf.fr.")).toBeVisible();
  expect(sent.at(-1)).toEqual({ need: "home", child: "yes" });
  expect(router.state.location.search + router.state.location.hash).toBe("");
});

test("goes back one question with its answer kept, and changes any answer", async () => {
  const { router } = open();
  await click("radio", /Être aidée/);
  await click("button", "Continuer");
  await screen.findByRole("heading", { level: 1, name: "Un enfant vit-il au foyer ?" });
  await router.navigate(-1);
  expect(await screen.findByRole("heading", { level: 1, name: "De quoi a-t-elle besoin ?" })).toBeVisible();
  await click("radio", /Être aidée/);
  await click("button", "Continuer");
  await click("button", /Modifier.*De quoi a-t-elle besoin/);
  expect(await screen.findByText("Question 1 · encore 1 au plus")).toBeVisible();
});

test("leads to the form that exists, and says what to do where none does", async () => {
  const misas = { ...caf, name: "Mission", outside: false, does: null };
  const { unmount } = open({ ...outcome, destination: misas, step: { kind: "misas_referral", fills: { motive: "orienter_ps" } }, self_service: "Le compte ameli." });
  const goThrough = async () => {
    await click("radio", /Être aidée/);
    await click("button", "Continuer");
    await click("radio", "Oui");
    await click("button", "Continuer");
  };
  await goThrough();
  expect(await screen.findByRole("link", { name: "Saisir la Mission Accompagnement Santé" })).toHaveAttribute("href", "/saisine");
  expect(screen.getByText("D’abord, avec la personne")).toBeVisible();
  unmount();
  open({ ...outcome, destination: misas, step: { kind: "misas_referral", fills: {} } }, sessions.agent);
  await goThrough();
  expect(await screen.findByText(/Passez par l’outil habituel de votre service/)).toBeVisible();
  expect(pathOf("agent", "misas_referral")).toBeUndefined();
  expect(isElsewhere("self_service")).toBe(true);
});

const motives: Motives = {
  accepted: [{ code: "info_ald", label: "S’informer sur les ALD" }],
  refused: [{ code: "logement", label: "Une demande de logement", destination: { ...caf, name: "SIAO et CCAS" }, goes_on: { need: "home", child: "yes" }, rules: ["SS-05"] }],
};

function openMotives(counts: () => Response) {
  const counted: unknown[] = [];
  server.use(
    get("referrals/partner/social-service-motives", motives),
    http.post(path("referrals/partner/refused-motives"), async ({ request }) => {
      counted.push(await request.json());
      return counts();
    }),
    http.post(path("referrals/partner/orientation"), async ({ request }) =>
      HttpResponse.json(answerTo(((await request.json()) as { answers: Answers }).answers, outcome)),
    ),
  );
  const within_ = (page: React.ReactNode) => <ActiveAssignment value={sessions.partner.active}>{page}</ActiveAssignment>;
  renderRoutes(
    [
      { path: "/orientation", element: within_(<OrientationPage />) },
      { path: "/orientation/service-social", element: within_(<MotivesPage />) },
    ],
    { at: "/orientation/service-social" },
  );
  return counted;
}

test("SS-05: a motive the social service does not take stops before the form, is counted, and the way goes on", async () => {
  const counted = openMotives(() => HttpResponse.json({ on_day: "2026-03-12" }));
  await click("radio", "Une demande de logement");
  await click("button", "Continuer");
  const stop = await screen.findByRole("region", { name: /Qui s’en occupe.*SIAO et CCAS/ });
  expect(within(stop).getByText("Sur caf.fr.")).toBeVisible();
  await waitFor(() => expect(counted).toEqual([{ motive: "logement" }]));
  await click("link", "Continuer vers le bon service");
  expect(await screen.findByRole("heading", { level: 1, name: "CAF" })).toBeVisible();
});

test("a motive that it takes is not counted, and a count that fails keeps nobody from being told", async () => {
  const counted = openMotives(() => HttpResponse.error());
  await click("radio", "S’informer sur les ALD");
  await click("button", "Continuer");
  expect(await screen.findByRole("heading", { level: 1, name: "Le service social prend cette situation" })).toBeVisible();
  expect(counted).toEqual([]);
  await click("button", "Choisir un autre motif");
  await click("radio", "Une demande de logement");
  await click("button", "Continuer");
  expect(await screen.findByRole("heading", { level: 1, name: "Ce n’est pas le service social" })).toBeVisible();
});
