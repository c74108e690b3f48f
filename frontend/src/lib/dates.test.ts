import { expect, test } from "vitest";

import { ageOn, formatDay, formatRelative, parseDay, typedDay } from "./dates";

test("a day is written in full, the first of the month with its ending", () => {
  expect(formatDay("2026-03-12")).toBe("12 mars 2026");
  expect(formatDay("2026-03-01")).toBe("1er mars 2026");
});

test.each([
  ["12/03/1989", "1989-03-12"],
  ["12 3 1989", "1989-03-12"],
  ["12-03-1989", "1989-03-12"],
  ["12031989", "1989-03-12"],
  ["31/02/1989", null],
  ["12/03/89", null],
  ["12/13/1989", null],
  ["bonjour", null],
])("%s is read as %s", (typed, day) => expect(parseDay(typed)).toBe(day));

test("a day read is typed back the same", () => expect(typedDay(parseDay("2/4/1989"))).toBe("02/04/1989"));

const now = new Date(2026, 2, 12, 9, 0);

test.each([
  ["2026-03-12", "aujourd’hui"],
  ["2026-03-13", "demain"],
  ["2026-03-18", "dans 6 jours"],
  ["2026-03-10", "avant-hier"],
  [new Date(2026, 2, 11, 23, 0).toISOString(), "hier"],
  [new Date(2026, 2, 12, 8, 58).toISOString(), "il y a 2 minutes"],
])("%s is %s", (value, words) => expect(formatRelative(value, now)).toBe(words));

test("age changes on the birthday", () => {
  expect(ageOn("1989-03-12", now)).toBe(37);
  expect(ageOn("1989-03-13", now)).toBe(36);
});
