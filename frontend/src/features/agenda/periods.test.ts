import { expect, test } from "vitest";

import { emptyPeriod, oneMore, onePeriodMore, periodsOf, rulesOf, withoutPeriod, withPeriod } from "./periods";

const rule = (weekday: number, from_time: string, until_time: string, from_on: string, until_on: string | null = null) => ({
  weekday,
  from_time,
  until_time,
  from_on,
  until_on,
});

test("rules become weeks and weeks become the same rules", () => {
  const rules = [
    rule(0, "09:00:00", "12:00:00", "2026-09-01"),
    rule(0, "13:30:00", "17:00:00", "2026-09-01"),
    rule(4, "09:00:00", "12:00:00", "2026-09-01"),
    rule(1, "08:00:00", "13:00:00", "2026-07-01", "2026-08-31"),
  ];
  const periods = periodsOf(rules);
  expect(periods.map((one) => [one.from_on, one.until_on])).toEqual([
    ["2026-07-01", "2026-08-31"],
    ["2026-09-01", null],
  ]);
  expect(periods[1]!.days[0]).toEqual([
    { from_time: "09:00", until_time: "12:00" },
    { from_time: "13:30", until_time: "17:00" },
  ]);
  expect(rulesOf(periods)).toHaveLength(4);
  expect(periodsOf(rulesOf(periods))).toEqual(periods);
});

test("a week without ranges has no rule", () => {
  expect(rulesOf([emptyPeriod("2026-09-01")])).toEqual([]);
});

test("a day fills from the morning on, and never runs backwards", () => {
  const ranges = [oneMore([])];
  for (let n = 0; n < 3; n += 1) ranges.push(oneMore(ranges));
  expect(ranges.map((one) => one.from_time)).toEqual(["09:00", "13:30", "18:00", "20:00"]);
  expect(ranges.every((one) => one.from_time < one.until_time)).toBe(true);
});

const week = (from_on: string, until_on: string | null = null) => ({ ...emptyPeriod(from_on), until_on });
const daysOf = (periods: { from_on: string; until_on: string | null }[]) => periods.map((one) => [one.from_on, one.until_on]);

test("one week more takes the place of the one that holds, never beside it", () => {
  expect(daysOf(onePeriodMore([week("2026-01-05")], "2026-11-22"))).toEqual([
    ["2026-01-05", "2026-11-21"],
    ["2026-11-22", null],
  ]);
  const planned = [week("2026-01-05", "2026-11-30"), week("2026-12-01")];
  expect(daysOf(onePeriodMore(planned, "2026-11-22"))).toEqual([
    ["2026-01-05", "2026-11-21"],
    ["2026-12-01", null],
    ["2026-11-22", "2026-11-30"],
  ]);
});

test("two weeks do not begin the same day, and one that fills a gap stops before the next", () => {
  expect(daysOf(onePeriodMore([week("2026-11-22")], "2026-11-22"))).toEqual([
    ["2026-11-22", "2026-11-22"],
    ["2026-11-23", null],
  ]);
  expect(daysOf(onePeriodMore([week("2026-12-01")], "2026-11-22")).at(-1)).toEqual(["2026-11-22", "2026-11-30"]);
});

test("the week before follows the beginning of the next, and goes on when that one is taken away", () => {
  const added = onePeriodMore([week("2026-01-05", "2026-12-18")], "2026-11-22");
  const moved = withPeriod(added, 1, { ...added[1]!, from_on: "2026-12-01" });
  expect(daysOf(moved)).toEqual([
    ["2026-01-05", "2026-11-30"],
    ["2026-12-01", "2026-12-18"],
  ]);
  expect(daysOf(withoutPeriod(moved, 1))).toEqual([["2026-01-05", "2026-12-18"]]);
});

test("a week that ended long before is left alone", () => {
  const added = onePeriodMore([week("2026-01-05", "2026-06-30")], "2026-11-22");
  const moved = withPeriod(added, 1, { ...added[1]!, from_on: "2026-12-01" });
  expect(daysOf(moved)[0]).toEqual(["2026-01-05", "2026-06-30"]);
});
