import { Outlet } from "react-router";

import { useMaybeSession } from "../api/session";
import { Brand } from "./Brand";
import { Footer } from "./Footer";
import classes from "./Shell.module.css";
import { SkipLink } from "./SkipLink";

export function PublicShell() {
  const session = useMaybeSession();
  return (
    <div className={classes.partner}>
      <SkipLink />
      <header role="banner" className={classes.bar}>
        <Brand />
      </header>
      <main id="contenu" className={classes.main} tabIndex={-1}>
        <Outlet />
      </main>
      <Footer demonstration={session?.demonstration ?? false} />
    </div>
  );
}
