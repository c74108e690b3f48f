import { screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";

import { get, path, problem } from "../../testing/answers";
import { renderRoutes } from "../../testing/render";
import { server } from "../../testing/server";
import type { Appointment } from "./api";
import { useTitles } from "./use-titles";

const idOf = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;

const appointments = Array.from({ length: 130 }, (_, n): Appointment => ({
  id: `a${n}`,
  version: 1,
  abilities: { move: false, cancel: false, mark: false },
  accessibility: false,
  activity: null,
  calendar_id: "c",
  starts_at: "2026-11-23T08:00:00Z",
  ends_at: "2026-11-23T08:30:00Z",
  interpreter: false,
  kind_id: null,
  language: null,
  mode: "office",
  person_id: idOf(n),
  place: 1,
  rental: null,
  request_id: null,
  side: "caisse",
  state: "booked",
  structure_id: null,
  subject: null,
}));

function Names() {
  const titles = useTitles(appointments);
  return (
    <ol>
      {appointments.map((one) => (
        <li key={one.id}>{titles(one).who}</li>
      ))}
    </ol>
  );
}

/** Names even persons, as if the others were not entrusted; asked for more at once than the contract allows, refuses. */
function names(refuses: (ids: string[]) => boolean = () => false) {
  server.use(
    get("accompaniments/agent/kinds", { items: [] }),
    http.post(path("referrals/agent/persons/batch"), async ({ request }) => {
      const { ids } = (await request.json()) as { ids: string[] };
      if (ids.length > 100) return problem(422, "invalid");
      if (refuses(ids)) return problem(429, "reading-budget-spent");
      const items = ids.filter((id) => Number(id.slice(-12)) % 2 === 0).map((id) => ({ id, display_name: `Nom ${id}` }));
      return HttpResponse.json({ items, more: false });
    }),
  );
  renderRoutes([{ path: "/", element: <Names /> }]);
}

test("a week of more persons than one question may name names them all", async () => {
  names();
  expect(await screen.findByText(`Nom ${idOf(128)}`)).toBeVisible();
  expect(await screen.findAllByText(/^Nom 0/)).toHaveLength(65);
  expect(screen.getAllByText("Personne non confiée")).toHaveLength(65);
});

test("names that could not be read are not said of persons entrusted to nobody", async () => {
  names((ids) => ids.length < 100);
  expect(await screen.findAllByText("Nom non affiché")).toHaveLength(30);
  expect(await screen.findAllByText(/^Nom 0/)).toHaveLength(50);
  expect(screen.getAllByText("Personne non confiée")).toHaveLength(50);
});
