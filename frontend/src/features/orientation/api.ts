import { queryOptions } from "@tanstack/react-query";

import { client, type Schemas } from "../../api/client";
import { told } from "../../api/identity";

export type Answer = Schemas["OrientationAnswer"];
export type Question = Schemas["QuestionOut"];
export type Outcome = Schemas["Outcome"];
export type Motives = Schemas["SocialServiceMotives"];
export type Refused = Schemas["RefusedMotiveOut"];
export type Answers = Readonly<Record<string, string>>;
export type Side = "partner" | "agent";

/** What the page keeps: in the history of the browser, never in an address, which ends up in logs and bookmarks. */
export type Kept = { answers?: Answers };

export const sideOf = (audience: string): Side => (audience === "partner" ? "partner" : "agent");

const root = { partner: "/api/v1/referrals/partner", agent: "/api/v1/referrals/agent" } as const;

export const orientation = (side: Side, answers: Answers) =>
  queryOptions({
    queryKey: ["orientation", side, answers],
    queryFn: () => told(client.POST(`${root[side]}/orientation`, { body: { answers } })),
  });

export const motives = (side: Side) =>
  queryOptions({
    queryKey: ["social-service-motives", side],
    queryFn: () => told(client.GET(`${root[side]}/social-service-motives`)),
  });

export const countRefused = (side: Side, motive: Refused["code"]) =>
  told(client.POST(`${root[side]}/refused-motives`, { body: { motive } }));

export const stops = (from_on: string, until_on: string) =>
  queryOptions({
    queryKey: ["refused-motives", from_on, until_on],
    queryFn: () => told(client.GET(`${root.agent}/refused-motives`, { params: { query: { from_on, until_on } } })),
  });
