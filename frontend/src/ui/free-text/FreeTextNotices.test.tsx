import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { useState } from "react";
import { expect, test } from "vitest";

import { get, path } from "../../testing/answers";
import { ids, structure } from "../../testing/fixtures";
import { renderRoutes } from "../../testing/render";
import { server } from "../../testing/server";
import { FreeTextNotices } from "./FreeTextNotices";

const numbered = "Son numéro : 2 55 08 14 168 025 38, merci";

function Field({ start, personId }: { start: string; personId?: string }) {
  const [text, setText] = useState(start);
  return (
    <>
      <label>
        Texte
        <textarea value={text} onChange={(event) => setText(event.currentTarget.value)} />
      </label>
      <FreeTextNotices text={text} onChange={setText} personId={personId} />
    </>
  );
}

function open(start: string, personId?: string) {
  renderRoutes([{ path: "/", Component: () => <Field start={start} personId={personId} /> }], { at: "/" });
  return screen.findByLabelText("Texte");
}

function serving(nirAllowed: boolean, kind: string) {
  const amended: { version: string | null; body: unknown }[] = [];
  server.use(
    get("partners/partner/structure", { ...structure, nir_allowed: nirAllowed }),
    get(`referrals/partner/persons/${ids.person}`, {
      id: ids.person,
      version: 4,
      display_name: "Sofia DELMAS",
      identifier: { kind, none_reason: null, from_at: "2026-03-01T09:00:00Z", until_at: null },
      abilities: { amend: true },
    }),
    http.post(path(`referrals/partner/persons/${ids.person}/amend`), async ({ request }) => {
      amended.push({ version: request.headers.get("If-Match"), body: await request.json() });
      return HttpResponse.json({ id: ids.person, version: 5, state: null });
    }),
  );
  return amended;
}

test("a number is moved to the record once its writer has confirmed, and leaves the text", async () => {
  const amended = serving(true, "none");
  const field = await open(numbered, ids.person);
  await userEvent.click(await screen.findByRole("button", { name: "Déplacer dans le champ NIR" }));
  expect(amended).toEqual([]);
  expect(await screen.findByText(/la fiche de Sofia DELMAS/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Déplacer le numéro" }));
  await waitFor(() => expect(field).toHaveValue("Son numéro : , merci"));
  expect(amended).toEqual([
    { version: '"4"', body: { identifier: { kind: "nir", value: "255081416802538", none_reason: null } } },
  ]);
  expect(screen.queryByRole("button", { name: "Retirer du texte" })).not.toBeInTheDocument();
});

test.each([
  [false, "none", numbered, /n’est pas habilitée/],
  [true, "nir", numbered, /en a déjà un/],
  [true, "none", "n° 2 55 08 14 168 025", /sans sa clé/],
])("a number that cannot be moved is taken out (allowed %s, record %s)", async (allowed, kind, text, why) => {
  serving(allowed, kind);
  const field = await open(text, ids.person);
  expect(await screen.findByText(why)).toBeVisible();
  expect(screen.queryByRole("button", { name: /Déplacer/ })).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Retirer du texte" }));
  expect(field).not.toHaveValue(text);
  expect(screen.queryByText(why)).not.toBeInTheDocument();
});

test("an account is taken out, a medical word is only pointed at", async () => {
  const field = await open("Diabétique. Compte FR14 2004 1010 0505 0001 3M02 606");
  expect(await screen.findByText(/Ce mot semble médical : Diabétique/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Retirer du texte" }));
  expect(field).toHaveValue("Diabétique. Compte");
  expect(screen.getByText(/Ce mot semble médical/)).toBeVisible();
  expect(screen.queryByText(/IBAN/)).not.toBeInTheDocument();
});
