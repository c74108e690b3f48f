/** Demonstration settings only: these routes stand in no contract, so their shapes are written here. */
import { asProblem } from "../lib/problem";
import { transport } from "./transport";

export type DemonstrationAccount = { email: string; label: string; description: string; password: string };

/** `usable_in` seconds from now the code works, for one sign-in. */
export type DemonstrationCode = { code: string; seconds_left: number; usable_in: number };

async function ask<T>(path: string, body?: unknown): Promise<T> {
  const response = await transport(
    new Request(`${window.location.origin}/api/v1/gateway/anyone/demonstration/${path}`, {
      method: body === undefined ? "GET" : "POST",
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
    }),
  );
  const answer: unknown = await response.json();
  if (!response.ok) throw asProblem(answer);
  return answer as T;
}

export const demonstrationAccounts = () => ({
  queryKey: ["demonstration", "accounts"],
  queryFn: () => ask<DemonstrationAccount[]>("accounts"),
  staleTime: Infinity,
});

export type DemonstrationMail = { at: string; to: string; subject: string; text: string };

export const demonstrationOutbox = () => ({
  queryKey: ["demonstration", "outbox"],
  queryFn: () => ask<DemonstrationMail[]>("outbox"),
});

export const demonstrationCode = (email: string) => ask<DemonstrationCode>("code", { email });
