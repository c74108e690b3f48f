import { Link } from "react-router";

import classes from "./Brand.module.css";

export function Brand({ compact = false }: { compact?: boolean }) {
  return (
    <Link to="/" className={classes.brand}>
      <svg viewBox="0 0 32 32" aria-hidden className={classes.mark}>
        <rect width="32" height="32" rx="7" className={classes.ground} />
        <path d="M7 21c4-9 8-9 11-5m0 0-1-5m1 5-5 .5" className={classes.way} />
        <circle cx="24" cy="20" r="2.6" className={classes.person} />
      </svg>
      <span className={compact ? classes.hidden : undefined}>Aller-vers</span>
    </Link>
  );
}
