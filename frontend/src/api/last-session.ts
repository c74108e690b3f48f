import type { SessionView } from "./session";

let last: SessionView | null = null;

/** The session under which the page was drawn; it outlives its own expiry, until somebody signs in again. */
export function lastOpenSession(): SessionView | null {
  return last;
}

export function rememberOpenSession(session: SessionView): void {
  last = session;
}
