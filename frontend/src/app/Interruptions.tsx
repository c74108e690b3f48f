import { lazy, Suspense, useSyncExternalStore } from "react";

import { currentInterruption, onInterruption } from "../api/interruptions";

const InterruptionDialog = lazy(async () => {
  const [module, { loadCatalogue }] = await Promise.all([import("./InterruptionDialog"), import("../i18n")]);
  await loadCatalogue("sign-in");
  return module;
});

/** Over the page: sign in again, prove again. The page underneath keeps everything. */
export function Interruptions() {
  const kind = useSyncExternalStore(onInterruption, currentInterruption);
  if (!kind) return null;
  return (
    <Suspense fallback={null}>
      <InterruptionDialog kind={kind} />
    </Suspense>
  );
}
