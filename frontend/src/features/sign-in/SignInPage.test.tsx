import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";

import { get, path, problem } from "../../testing/answers";
import { sessions } from "../../testing/fixtures";
import { renderRoutes } from "../../testing/render";
import { server } from "../../testing/server";
import SignInPage from "./SignInPage";

const routes = [
  { path: "/connexion", Component: SignInPage },
  { path: "/demandes", element: <p>Mes demandes</p> },
];

test("password, then code, then the page that was asked for", async () => {
  const bodies: unknown[] = [];
  server.use(
    http.post(path("gateway/anyone/sign-in"), async ({ request }) => {
      bodies.push(await request.json());
      return HttpResponse.json(sessions.second);
    }),
    http.post(path("gateway/anyone/sign-in/totp"), async ({ request }) => {
      bodies.push(await request.json());
      return HttpResponse.json(sessions.partner);
    }),
  );
  renderRoutes(routes, { at: "/connexion?vers=/demandes", session: sessions.nobody });
  await userEvent.type(screen.getByLabelText(/adresse électronique/i), " camille@exemple.fr ");
  await userEvent.type(screen.getByLabelText("Mot de passe", { exact: false, selector: "input" }), "un mot de passe long");
  await userEvent.click(screen.getByRole("button", { name: "Continuer" }));
  await userEvent.type(await screen.findByLabelText(/code à 6 chiffres/i), "123 456");
  await userEvent.click(screen.getByRole("button", { name: "Me connecter" }));
  expect(await screen.findByText("Mes demandes")).toBeVisible();
  expect(bodies).toEqual([
    { email: "camille@exemple.fr", password: "un mot de passe long" },
    { code: "123456" },
  ]);
});

test("a refusal is said once, and takes focus", async () => {
  server.use(
    http.post(path("gateway/anyone/sign-in"), () =>
      problem(401, "sign-in-refused", { title: "Connexion refusée", detail: "L’adresse ou le mot de passe ne convient pas." }),
    ),
  );
  renderRoutes(routes, { at: "/connexion", session: sessions.nobody });
  await userEvent.type(screen.getByLabelText("Mot de passe", { exact: false, selector: "input" }), "faux{Enter}");
  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent("Connexion refusée");
  await waitFor(() => expect(alert).toHaveFocus());
});

test("an address of another site after sign-in is not followed", () => {
  const { router } = renderRoutes([...routes, { path: "/", element: <p>Accueil</p> }], {
    at: "/connexion?vers=//ailleurs.exemple",
    session: sessions.partner,
  });
  expect(router.state.location.pathname).toBe("/");
});

test("a demonstration account signs in by the real path, waiting for a code not used yet", async () => {
  server.use(
    get("gateway/anyone/demonstration/accounts", [
      { email: "c@exemple.fr", label: "Camille ROUX", description: "CCAS de Muret", password: "secret" },
    ]),
    http.post(path("gateway/anyone/sign-in"), () => HttpResponse.json(sessions.second)),
    http.post(path("gateway/anyone/demonstration/code"), () =>
      HttpResponse.json({ code: "654321", seconds_left: 40, usable_in: 0 }),
    ),
    http.post(path("gateway/anyone/sign-in/totp"), async ({ request }) =>
      ((await request.json()) as { code: string }).code === "654321"
        ? HttpResponse.json(sessions.partner)
        : problem(401, "factor-refused"),
    ),
  );
  renderRoutes(routes, { at: "/connexion?vers=/demandes", session: { ...sessions.nobody, demonstration: true } });
  await userEvent.click(await screen.findByRole("button", { name: "Entrer avec le compte Camille ROUX" }));
  expect(await screen.findByText("Mes demandes")).toBeVisible();
});
