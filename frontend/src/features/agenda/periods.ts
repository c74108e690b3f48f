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

/** One more range in a day: the morning, then the afternoon, then an hour after the last. */
export function oneMore(ranges: readonly Range[]): Range {
  const last = ranges.at(-1);
  if (!last) return MORNING;
  if (last.until_time <= AFTERNOON.from_time) return AFTERNOON;
  const hour = (plus: number) => `${String(Math.min(Number(last.until_time.slice(0, 2)) + plus, 23)).padStart(2, "0")}:00`;
  return { from_time: hour(1), until_time: hour(2) };
}
