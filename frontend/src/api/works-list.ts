import { infiniteQueryOptions } from "@tanstack/react-query";

import { followed, type Side, someWorks, type Source, sourcesOf, type Work } from "./works";

/** Where one service's list is: what was read of it and not shown yet, and what is behind (null: nothing). */
type Tail = { source: Source; held: Work[]; next: string | null | undefined };
type Shown = { works: Work[]; tails: Tail[] };

const at = (work: Work) => Date.parse(work.created_at);

async function filled(side: Side, tail: Tail): Promise<Tail> {
  if (tail.held.length > 0 || tail.next === null) return tail;
  const { works, next } = await someWorks(side, tail.source, tail.next);
  return { ...tail, held: works, next };
}

/** Takes the newest of all heads, until a list that has more behind has nothing left to compare. */
export function merged(tails: Tail[]): Shown {
  const works: Work[] = [];
  let rest = tails;
  while (rest.every((tail) => tail.held.length > 0 || tail.next === null)) {
    const heads = rest.flatMap((tail) => tail.held.slice(0, 1));
    const newest = heads.sort((one, other) => at(other) - at(one))[0];
    if (!newest) break;
    works.push(newest);
    rest = rest.map((tail) => (tail.source === newest.source ? { ...tail, held: tail.held.slice(1) } : tail));
  }
  return { works, tails: rest };
}

/** The works of every service, newest first, as one list. */
export const allWorks = (side: Side) =>
  infiniteQueryOptions({
    queryKey: ["works", side] as const,
    initialPageParam: sourcesOf(side).map((source): Tail => ({ source, held: [], next: undefined })),
    queryFn: async ({ pageParam }): Promise<Shown> =>
      merged(await Promise.all(pageParam.map((tail) => filled(side, tail)))),
    getNextPageParam: ({ tails }) => (tails.some((tail) => tail.held.length > 0 || tail.next) ? tails : undefined),
    select: ({ pages }) => pages.flatMap((page) => page.works),
    refetchInterval: ({ state }) => followed(state.data?.pages.flatMap((page) => page.works) ?? []),
  });
