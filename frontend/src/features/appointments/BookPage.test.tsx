import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";

import { get, path } from "../../testing/answers";
import { agentPerson, card } from "../../testing/fixtures";
import { renderRoutes } from "../../testing/render";
import { server } from "../../testing/server";
import type { Booking, Offers } from "./api";
import BookPage from "./BookPage";

const place = (id: string, label: string, declares_non_autonomy: boolean): Offers["places"][number] => ({
  id,
  label,
  kind: declares_non_autonomy ? "reception" : "adviser",
  place: null,
  accessible: true,
  subjects: ["c2s"],
  declares_non_autonomy,
});
const kind: Offers["kinds"][number] = {
  id: "k",
  label: "Bilan",
  mode: "office",
  minutes: 30,
  interpreter_minutes: 15,
  accessibility_minutes: 15,
  calendars: ["reception", "adviser"],
};
const persons = ["Ada Martin", "Lina Petit"].map((display_name, n) => ({ ...card, id: `p${n}`, display_name }));
const slots = { minutes: 30, next_on: null, days: [{ on: "2026-12-01", slots: [{ starts_at: "2026-12-01T09:00:00Z", ends_at: "2026-12-01T09:30:00Z", left: 1 }] }] };

const declaration = () => screen.findByRole("checkbox", { name: /^Je déclare/ });
const click = async (role: string, name: string | RegExp) => userEvent.click(await screen.findByRole(role, { name }));

async function choose(name: string) {
  await userEvent.type(await screen.findByRole("textbox", { name: /^Nom/ }), "ma");
  await click("button", "Chercher");
  await click("button", new RegExp(name));
}

function open(places: ReturnType<typeof place>[], needs: Partial<typeof agentPerson.contact> = {}) {
  const booked: Booking[] = [];
  server.use(
    get("accompaniments/partner/offers", { places, kinds: [kind], time_zone: "Europe/Paris" }),
    get("accompaniments/partner/calendars/:id/slots", slots),
    http.post(path("referrals/partner/persons/search"), () => HttpResponse.json({ items: persons, more: false })),
    get("referrals/partner/persons/p0", { contact: { ...agentPerson.contact, ...needs } }),
    get("referrals/partner/persons/p1", { contact: agentPerson.contact }),
    http.post(path("accompaniments/partner/appointments"), async ({ request }) => {
      booked.push((await request.json()) as Booking);
      return HttpResponse.json({}, { status: 201 });
    }),
  );
  renderRoutes([
    { path: "/", element: <BookPage /> },
    { path: "/rendez-vous", element: null },
  ]);
  return booked;
}

test("what is declared of one person is not of the next", async () => {
  const booked = open([place("c", "Accueil", true)]);
  await choose("Ada Martin");
  await click("radio", "C2S");
  await userEvent.click(await declaration());
  await click("checkbox", /interprète/i);
  await click("button", / à 10/);
  expect(await screen.findByRole("button", { name: "Confirmer le rendez-vous" })).toBeVisible();

  await click("button", "Changer de personne");
  await choose("Lina Petit");
  expect(screen.queryByRole("button", { name: "Confirmer le rendez-vous" })).toBeNull();
  await click("radio", "C2S");
  expect(await declaration()).not.toBeChecked();
  expect(screen.getByRole("checkbox", { name: /interprète/i })).not.toBeChecked();
  expect(screen.queryByRole("button", { name: / à 10/ })).toBeNull();
  await userEvent.click(await declaration());
  await click("button", / à 10/);
  await click("button", "Confirmer le rendez-vous");
  await expect.poll(() => booked).toHaveLength(1);
  expect(booked[0]).toMatchObject({ person_id: "p1", interpreter: false, not_autonomous: true });
});

test("a declaration goes with the place that asks for it", async () => {
  const booked = open([place("c", "Accueil", true), place("d", "Conseil", false)]);
  await choose("Ada Martin");
  await click("radio", "C2S");
  await click("radio", "Accueil");
  await userEvent.click(await declaration());
  await click("radio", "Conseil");
  await click("button", / à 10/);
  await click("button", "Confirmer le rendez-vous");
  await expect.poll(() => booked).toHaveLength(1);
  expect(booked[0]).toMatchObject({ calendar_id: "d", not_autonomous: false });
});

test("coming back to the place, the declaration is made anew", async () => {
  open([place("c", "Accueil", true), place("d", "Conseil", false)]);
  await choose("Ada Martin");
  await click("radio", "C2S");
  await click("radio", "Accueil");
  await userEvent.click(await declaration());
  await click("radio", "Conseil");
  await click("radio", "Accueil");
  expect(await declaration()).not.toBeChecked();
});

test("what the record says the person needs is booked without being typed again", async () => {
  const booked = open([place("c", "Cabinet", false)], { language: "ar", interpreter: true, access_needs: ["step_free_access"] });
  await choose("Ada Martin");
  await click("radio", "C2S");
  expect(await screen.findByRole("checkbox", { name: /interprète/i })).toBeChecked();
  await click("button", / à 10/);
  await click("button", "Confirmer le rendez-vous");
  await waitFor(() => expect(booked).toHaveLength(1));
  expect(booked[0]).toMatchObject({ interpreter: true, language: "ar", accessibility: true });
});
