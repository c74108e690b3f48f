import { createContext, useContext, useSyncExternalStore } from "react";

import type { AnyForm, MisasForm } from "../../api/forms";
import { fieldErrors } from "../../lib/problem";
import type { Draft } from "./api";
import type { DraftSaver, Snapshot } from "./draft-saver";

type Held = { request: Draft; saver: DraftSaver; again: () => Promise<unknown> };

export const DraftContext = createContext<Held | null>(null);

type DraftInHand<Form> = Omit<Snapshot, "form"> &
  Held & { form: Form; errors: Record<string, string>; change: DraftSaver["change"] };

/** The draft that the pages of the form write in. `again` reads it anew, when its kind has changed. */
export function useDraft(): DraftInHand<AnyForm> {
  const held = useContext(DraftContext);
  if (!held) throw new Error("useDraft outside of a draft");
  const snapshot = useSyncExternalStore(held.saver.subscribe, held.saver.snapshot);
  return {
    ...snapshot,
    ...held,
    errors: fieldErrors(snapshot.problem),
    change: (patch) => held.saver.change(patch),
  };
}

/** The same, on the pages that only a MisAS referral has. */
export function useMisasDraft(): DraftInHand<MisasForm> {
  const draft = useDraft();
  const { form } = draft;
  if (form.kind !== "misas_referral") throw new Error(`Not a MisAS referral: ${form.kind}`);
  return { ...draft, form };
}
