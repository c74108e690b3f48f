import type { AnyForm } from "../../api/forms";
import { asProblem, type FieldProblem, type Problem, slugOf } from "../../lib/problem";

export type Status = "idle" | "dirty" | "saving" | "saved" | "retrying" | "conflict" | "refused";

export type Snapshot = {
  form: AnyForm;
  version: number;
  status: Status;
  savedAt: string | null;
  /** What the service refused, at saving or at sending; a field's lines go when the field changes. */
  problem: Problem | null;
  warnings: readonly FieldProblem[];
};

type Save = (version: number, form: AnyForm) => Promise<{ version: number; warnings: readonly FieldProblem[] }>;

const PAUSE = 700;
const RETRY = 5000;

/**
 * Keeps what is typed and sends it: one save at a time, the latest text wins, a cut is retried by itself.
 * It never drops a change: what could not be sent stays until it is, or until the person has compared.
 */
export class DraftSaver {
  #snapshot: Snapshot;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #save: Save;

  constructor(form: AnyForm, version: number, save: Save, warnings: readonly FieldProblem[] = []) {
    this.#snapshot = { form, version, status: "idle", savedAt: null, problem: null, warnings };
    this.#save = save;
  }

  readonly snapshot = (): Snapshot => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  change(patch: Partial<AnyForm>): void {
    const touched = Object.keys(patch);
    const stays = ({ field }: FieldProblem) => !touched.some((name) => field === name || field.startsWith(`${name}.`));
    const { problem } = this.#snapshot;
    const errors = problem?.errors?.filter(stays) ?? [];
    this.#set({
      form: { ...this.#snapshot.form, ...patch } as AnyForm,
      status: this.#snapshot.status === "conflict" ? "conflict" : "dirty",
      problem: problem && errors.length > 0 ? { ...problem, errors } : null,
    });
    this.#schedule(PAUSE);
  }

  /** Sends at once what is not saved yet; resolves when the service has everything, rejects with its refusal. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    while (this.#running) await this.#running;
    if (this.#snapshot.status === "dirty" || this.#snapshot.status === "retrying") await this.#start();
    const { status, problem } = this.#snapshot;
    if (status === "dirty") return this.flush();
    if (problem && (status === "refused" || status === "retrying" || status === "conflict")) throw problem;
  }

  /** A refusal that came from another act on the same draft, such as sending it. */
  refused(problem: Problem): void {
    this.#set({ problem });
  }

  /** After a comparison: the version that stands on the server, and what the person chose to keep. */
  rebase(version: number, form: AnyForm): void {
    this.#set({ version, form, status: "dirty", problem: null });
    this.#schedule(0);
  }

  #set(change: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    this.#listeners.forEach((listener) => listener());
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#start(), delay);
  }

  #start(): Promise<void> {
    if (this.#running) return this.#running;
    if (this.#snapshot.status === "conflict") return Promise.resolve();
    this.#running = this.#send().finally(() => {
      this.#running = null;
      if (this.#snapshot.status === "dirty") this.#schedule(PAUSE);
    });
    return this.#running;
  }

  async #send(): Promise<void> {
    const { form, version } = this.#snapshot;
    this.#set({ status: "saving" });
    try {
      const saved = await this.#save(version, form);
      const typedMeanwhile = this.#snapshot.form !== form;
      this.#set({
        version: saved.version,
        warnings: saved.warnings,
        savedAt: new Date().toISOString(),
        status: typedMeanwhile ? "dirty" : "saved",
      });
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 412) this.#set({ status: "conflict", problem });
      else if (problem.status >= 500 || problem.status === 429 || slugOf(problem) === "unreachable") {
        this.#set({ status: "retrying", problem });
        this.#schedule(RETRY);
      } else this.#set({ status: "refused", problem });
    }
  }
}
