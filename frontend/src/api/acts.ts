/**
 * Idempotency keys: one per act of the user, kept while its outcome is unknown, so that pressing the button again
 * after a cut replays the first answer instead of acting twice.
 */
const pending = new Map<string, string>();

export function actOf(method: string, url: string, body: string): string {
  return `${method} ${url} ${body}`;
}

export function keyFor(act: string): string {
  const known = pending.get(act);
  if (known) return known;
  const key = crypto.randomUUID();
  pending.set(act, key);
  return key;
}

/** Sign in again, prove again, try later, still running, server in trouble: the act is not settled. */
const unsettled = (status: number) => status === 401 || status === 403 || status === 429 || status >= 500;

export function settle(act: string, status: number): void {
  if (!unsettled(status)) pending.delete(act);
}
