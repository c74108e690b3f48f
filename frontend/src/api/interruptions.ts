/**
 * What stops a call half-way and is settled over the page: an expired session, a proof of identity asked again.
 * The transport waits here; the application shows the dialog and answers.
 */
export type Interruption = "sign-in" | "step-up";

type Asked = { kind: Interruption; answer: Promise<boolean>; resolve: (done: boolean) => void };

let asked: Asked | null = null;
const listeners = new Set<() => void>();

function tell(): void {
  listeners.forEach((listener) => listener());
}

/** Several calls that stop at once share one dialog. Resolves true when the call may be sent again. */
export function interrupt(kind: Interruption): Promise<boolean> {
  if (asked?.kind === kind) return asked.answer;
  asked?.resolve(false);
  let resolve: (done: boolean) => void = () => undefined;
  const answer = new Promise<boolean>((settle) => (resolve = settle));
  asked = { kind, answer, resolve };
  tell();
  return answer;
}

export function answerInterruption(done: boolean): void {
  const answered = asked;
  asked = null;
  answered?.resolve(done);
  tell();
}

export function currentInterruption(): Interruption | null {
  return asked?.kind ?? null;
}

export function onInterruption(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
