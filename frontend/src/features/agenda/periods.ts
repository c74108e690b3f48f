import { addDays } from "../../lib/zoned";
import type { Availability } from "./api";

type Rule = Availability["rules"][number];
export type Range = Pick<Rule, "from_time" | "until_time">;

/** A week that is the same from a day until another: seven days from Monday, each with its ranges. */
export type Period = { from_on: string; until_on: string | null; days: Range[][] };

export const MORNING: Range = { from_time: "09:00", until_time: "12:00" };
export const AFTERNOON: Range = { from_time: "13:30", until_time: "17:00" };

const short = (time: string) => time.slice(0, 5);

export const emptyPeriod = (from_on: string): Period => ({
  from_on,
  until_on: null,
  days: Array.from({ length: 7 }, () => []),
});

/** Rules put together by the days between which they hold, the earliest first. */
export function periodsOf(rules: readonly Rule[]): Period[] {
  const periods = new Map<string, Period>();
  for (const { weekday, from_time, until_time, from_on, until_on } of rules) {
    const key = `${from_on} ${until_on ?? ""}`;
    const period = periods.get(key) ?? { ...emptyPeriod(from_on), until_on: until_on ?? null };
    periods.set(key, period);
    period.days[weekday]!.push({ from_time: short(from_time), until_time: short(until_time) });
  }
  return [...periods.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, period]) => period);
}

export const rulesOf = (periods: readonly Period[]): Rule[] =>
  periods.flatMap(({ from_on, until_on, days }) =>
    days.flatMap((ranges, weekday) => ranges.map((range) => ({ weekday, ...range, from_on, until_on }))),
  );

/** A new week from `today` on in place of the one that holds then, which ends the day before: hours of two add up. */
export function onePeriodMore(periods: readonly Period[], today: string): Period[] {
  const starts = periods.map((one) => one.from_on);
  let from_on = today;
  while (starts.includes(from_on)) from_on = addDays(from_on, 1);
  const held = periods.filter((one) => one.from_on < from_on && (one.until_on === null || one.until_on >= from_on));
  const next = starts.filter((start) => start > from_on).sort()[0];
  const until_on = held.length > 0 ? held.at(-1)!.until_on : next ? addDays(next, -1) : null;
  return [
    ...periods.map((one) => (held.includes(one) ? { ...one, until_on: addDays(from_on, -1) } : one)),
    { ...(held.at(-1) ?? periods.at(-1)!), from_on, until_on },
  ];
}

/** The week at `n` changed; those that lead up to it still do when it begins another day. */
export const withPeriod = (periods: readonly Period[], n: number, changed: Period): Period[] =>
  periods.map((one, at) =>
    at === n ? changed : leadsTo(one, periods[n]!) ? { ...one, until_on: addDays(changed.from_on, -1) } : one,
  );

/** All but the week at `n`; those that led up to it go on in its place, or its days would have no hours. */
export const withoutPeriod = (periods: readonly Period[], n: number): Period[] =>
  periods
    .map((one) => (leadsTo(one, periods[n]!) ? { ...one, until_on: periods[n]!.until_on } : one))
    .filter((_, at) => at !== n);

const leadsTo = (one: Period, next: Period) => one.until_on === addDays(next.from_on, -1);

/** One more range in a day: the morning, then the afternoon, then an hour after the last. */
export function oneMore(ranges: readonly Range[]): Range {
  const last = ranges.at(-1);
  if (!last) return MORNING;
  if (last.until_time <= AFTERNOON.from_time) return AFTERNOON;
  const hour = (plus: number) => `${String(Math.min(Number(last.until_time.slice(0, 2)) + plus, 23)).padStart(2, "0")}:00`;
  return { from_time: hour(1), until_time: hour(2) };
}
