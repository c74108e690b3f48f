import { IconAlertTriangle, IconCircleCheck, IconInfoCircle, IconUrgent } from "@tabler/icons-react";
import type { ReactNode } from "react";

import classes from "./Notice.module.css";

const icons = { info: IconInfoCircle, turn: IconAlertTriangle, danger: IconUrgent, done: IconCircleCheck };

type Props = { tone?: keyof typeof icons; title?: string; children?: ReactNode; role?: "status" | "alert"; aside?: ReactNode };

/** A framed word to the reader; the tone is told by the icon and the text, the colour comes last. */
export function Notice({ tone = "info", title, children, role, aside }: Props) {
  const Icon = icons[tone];
  return (
    <div className={classes.notice} data-tone={tone} role={role}>
      <Icon aria-hidden size={24} stroke={1.75} className={classes.icon} />
      <div className={classes.text}>
        {title && <p className={classes.title}>{title}</p>}
        {children}
      </div>
      {aside && <div className={classes.aside}>{aside}</div>}
    </div>
  );
}
