import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { NavLink, Outlet } from "react-router";

import { partnerStructure, useMe } from "../api/partners";
import type { SessionView } from "../api/session";
import { shortName } from "../lib/names";
import { AccountMenu } from "./AccountMenu";
import { Bell } from "./Bell";
import { Brand } from "./Brand";
import { Footer } from "./Footer";
import classes from "./Shell.module.css";
import { SkipLink } from "./SkipLink";

/** Top bar, few links, big targets. */
export default function PartnerShell({ session }: { session: SessionView }) {
  const { t } = useTranslation();
  const me = useMe(session.active!);
  const structure = useQuery(partnerStructure());
  const who = [structure.data?.name, me && shortName(me)].filter(Boolean).join(" · ");
  return (
    <div className={classes.partner}>
      <SkipLink />
      <header role="banner" className={classes.bar}>
        <Brand />
        <nav aria-label={t("shell.navigation")} className={classes.links}>
          <NavLink to="/accueil">{t("shell.home")}</NavLink>
          {session.active?.role === "partner_user" && (
            <>
              <NavLink to="/demandes">{t("shell.requests")}</NavLink>
              <NavLink to="/rendez-vous">{t("shell.appointments")}</NavLink>
              <NavLink to="/travaux">{t("shell.works")}</NavLink>
            </>
          )}
          <Bell side="partner" />
        </nav>
        <AccountMenu session={session} who={who} />
      </header>
      <main id="contenu" className={classes.main} tabIndex={-1}>
        <Outlet />
      </main>
      <Footer demonstration={session.demonstration} />
    </div>
  );
}
