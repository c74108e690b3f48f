import { createContext, useContext, useSyncExternalStore } from "react";

import { fieldErrors } from "../../lib/problem";
import type { Draft } from "./api";
import type { DraftSaver, Snapshot } from "./draft-saver";

type Held = { request: Draft; saver: DraftSaver };

export const DraftContext = createContext<Held | null>(null);

type DraftInHand = Snapshot & Held & { errors: Record<string, string>; change: DraftSaver["change"] };

/** The draft that the pages of the form write in. */
export function useDraft(): DraftInHand {
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
