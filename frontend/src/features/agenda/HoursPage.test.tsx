import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";

import { addDays } from "../../lib/zoned";
import { todayIso, typedDay } from "../../lib/dates";
import { get, path } from "../../testing/answers";
import { renderRoutes } from "../../testing/render";
import { server } from "../../testing/server";
import type { Availability, CalendarDetail } from "./api";
import HoursPage from "./HoursPage";

const rule = { weekday: 0, from_time: "13:30:00", until_time: "17:00:00", from_on: "2026-01-05", until_on: null };
const shown: CalendarDetail = {
  id: "c",
  version: 3,
  kind: "adviser",
  label: "Conseil A",
  account: null,
  unit: null,
  zone: null,
  place: null,
  accessible: true,
  capacity: 1,
  open_to_partners: false,
  subjects: [],
  active: true,
  may_book: true,
  may_manage: true,
  rules: [rule],
  exceptions: [],
  feeds: [],
};
const calendarPath = "accompaniments/agent/calendars/c";
let saved: Availability[];

beforeEach(() => {
  saved = [];
  server.use(
    get(calendarPath, shown),
    http.put(path(`${calendarPath}/availability`), async ({ request }) => {
      saved.push((await request.json()) as Availability);
      return HttpResponse.json(shown);
    }),
  );
  renderRoutes([{ path: "/agenda/:calendarId/horaires", element: <HoursPage /> }], { at: "/agenda/c/horaires" });
});

const fields = (name: RegExp) => screen.findAllByRole("textbox", { name });
const save = () => userEvent.click(screen.getByRole("button", { name: "Enregistrer les horaires" }));

test("another period ends the one before it, on the screen as in what is saved, wherever it begins", async () => {
  const later = addDays(todayIso(), 40);
  await userEvent.click(await screen.findByRole("button", { name: "Ajouter une autre période" }));
  expect((await fields(/^Jusqu’au/))[0]).toHaveValue(typedDay(addDays(todayIso(), -1)));
  const begins = (await fields(/^À partir du/))[1]!;
  await userEvent.tripleClick(begins);
  await userEvent.paste(typedDay(later));
  expect(begins).toHaveValue(typedDay(later));
  expect((await fields(/^Jusqu’au/))[0]).toHaveValue(typedDay(addDays(later, -1)));
  await save();
  await expect.poll(() => saved).toHaveLength(1);
  expect(saved[0]!.rules.map((one) => [one.from_on, one.until_on])).toEqual([
    ["2026-01-05", addDays(later, -1)],
    [later, null],
  ]);
});

test("a date that cannot be read is not saved as no date, by Enter or by the button", async () => {
  const ends = (await fields(/^Jusqu’au/))[0]!;
  await userEvent.type(ends, "31/02/2027{Enter}");
  expect(ends).toHaveAccessibleDescription(/Cette date n’existe pas/);
  expect(ends).toHaveFocus();
  await save();
  expect(ends).toHaveFocus();
  await userEvent.clear(ends);
  await userEvent.type(ends, "28/02/2027{Enter}");
  await expect.poll(() => saved).toHaveLength(1);
  expect(saved[0]!.rules).toEqual([expect.objectContaining({ until_on: "2027-02-28" })]);
});
