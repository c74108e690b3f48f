import type { ReactNode } from "react";

import classes from "./EmptyState.module.css";

/** An empty list says why it is empty and what can be done. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={classes.empty}>
      <svg viewBox="0 0 120 48" className={classes.drawing} aria-hidden>
        <path d="M6 40c22-34 42-34 58-8" />
        <path d="m64 32-3-9m3 9-9.5 1" />
        <circle cx="88" cy="30" r="7" />
        <path d="M76 46c2-7 7-9 12-9s10 2 12 9" />
      </svg>
      <p className={classes.title}>{title}</p>
      {children && <div>{children}</div>}
      {action && <div className={classes.action}>{action}</div>}
    </div>
  );
}
