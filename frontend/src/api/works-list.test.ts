import { describe, expect, it } from "vitest";

import type { Source, Work } from "./works";
import { merged } from "./works-list";

const work = (source: Source, second: number) =>
  ({ id: `${source}${second}`, source, created_at: new Date(second * 1000).toISOString() }) as Work;

const tail = (source: Source, seconds: number[], next: string | null) => ({
  source,
  held: seconds.map((second) => work(source, second)),
  next,
});

const ids = (works: Work[]) => works.map(({ id }) => id);

describe("works of several services", () => {
  it("are one list, newest first", () => {
    const { works, tails } = merged([tail("partners", [9, 4], null), tail("referrals", [8, 7, 1], null)]);
    expect(ids(works)).toEqual(["partners9", "referrals8", "referrals7", "partners4", "referrals1"]);
    expect(tails.every(({ held }) => held.length === 0)).toBe(true);
  });

  it("stop where a service that has more could hold a newer one, and go on from there", () => {
    const first = merged([tail("partners", [9, 6], "more"), tail("referrals", [8, 5, 4], null)]);
    expect(ids(first.works)).toEqual(["partners9", "referrals8", "partners6"]);
    expect(ids(first.tails[1]!.held)).toEqual(["referrals5", "referrals4"]);
    const next = merged([tail("partners", [3], null), first.tails[1]!]);
    expect(ids(next.works)).toEqual(["referrals5", "referrals4", "partners3"]);
  });

  it("may be none", () => {
    expect(merged([tail("partners", [], null), tail("referrals", [], null)]).works).toEqual([]);
  });
});
