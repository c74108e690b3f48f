import { type ReactNode, useEffect, useRef } from "react";

import classes from "./PageTitle.module.css";

let firstPage = true;

type Props = { children: string; aside?: ReactNode; below?: ReactNode; level?: 1 | 2; quiet?: boolean };

/** Names the tab and takes focus when the page changes, so that a screen reader says where one has arrived. */
export function PageTitle({ children, aside, below, quiet = false }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${children} · Aller-vers`;
    if (!firstPage && !quiet) heading.current?.focus({ preventScroll: true });
    firstPage = false;
  }, [children, quiet]);
  return (
    <div className={classes.row}>
      <div className={classes.text}>
        <h1 ref={heading} tabIndex={-1} className={classes.title}>
          {children}
        </h1>
        {below && <div className={classes.below}>{below}</div>}
      </div>
      {aside && <div className={`${classes.aside} no-print`}>{aside}</div>}
    </div>
  );
}
