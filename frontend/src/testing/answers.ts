import { http, HttpResponse } from "msw";

import type { Problem } from "../lib/problem";

/** A problem document as the services answer it. */
export function problem(status: number, slug: string, more: Partial<Problem> = {}) {
  return HttpResponse.json(
    { type: `/problems/${slug}`, title: "Refusé", status, detail: "Voici pourquoi.", instance: "", txn: "t", ...more },
    { status, headers: { "Content-Type": "application/problem+json" } },
  );
}

/** Any path of the API, whatever the host. */
export const path = (end: string) => `*/api/v1/${end}`;

export const get = (end: string, body: unknown) => http.get(path(end), () => HttpResponse.json(body as never));
