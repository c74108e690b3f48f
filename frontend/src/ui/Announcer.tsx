import { Button, CloseButton } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useEffect, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

import classes from "./Announcer.module.css";

type Announcement = { text: string; undo?: () => void };

let current: Announcement | null = null;
const listeners = new Set<() => void>();

function set(next: Announcement | null): void {
  current = next;
  listeners.forEach((listener) => listener());
}

/** Says that an act is done, and offers to undo it where the law allows. */
export function announce(text: string, undo?: () => void): void {
  set({ text, undo });
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function Announcer() {
  const { t } = useTranslation();
  const shown = useSyncExternalStore(subscribe, () => current);
  useEffect(() => {
    // What can be undone stays until it is dismissed: nobody should have to hurry.
    if (!shown || shown.undo) return;
    const timer = setTimeout(() => set(null), 8000);
    return () => clearTimeout(timer);
  }, [shown]);
  return (
    <div role="status" aria-live="polite" className={`${classes.region} no-print`}>
      {shown && (
        <div className={classes.message}>
          <IconCircleCheck aria-hidden size={22} />
          <span>{shown.text}</span>
          {shown.undo && (
            <Button
              size="xs"
              variant="white"
              onClick={() => {
                shown.undo?.();
                set(null);
              }}
            >
              {t("act.undo")}
            </Button>
          )}
          <CloseButton aria-label={t("act.close")} onClick={() => set(null)} className={classes.close} />
        </div>
      )}
    </div>
  );
}
