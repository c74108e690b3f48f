import { type ReactNode, useId } from "react";

import classes from "./Panel.module.css";

type Props = { title: string; children: ReactNode; aside?: ReactNode; flush?: boolean; className?: string };

/** A titled sheet on the paper. */
export function Panel({ title, children, aside, flush = false, className }: Props) {
  const id = useId();
  return (
    <section className={[classes.panel, className].filter(Boolean).join(" ")} aria-labelledby={id}>
      <div className={classes.head}>
        <h2 id={id} className={classes.title}>
          {title}
        </h2>
        {aside && <div className="no-print">{aside}</div>}
      </div>
      <div className={flush ? undefined : classes.body}>{children}</div>
    </section>
  );
}
