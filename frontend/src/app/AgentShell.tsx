import { IconBuildingCommunity, IconCalendarCheck, IconCalendarWeek, IconDirections, IconInbox, IconKeyboard, IconMail, IconMailX, IconProgress, IconSearch } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { NavLink, Outlet } from "react-router";

import { isDesk, useMe } from "../api/partners";
import type { SessionView } from "../api/session";
import { fullName } from "../lib/names";
import { AccountMenu } from "./AccountMenu";
import { Bell } from "./Bell";
import { Brand } from "./Brand";
import { Footer } from "./Footer";
import classes from "./Shell.module.css";
import { useShellKeys } from "./shell-keys";
import { SkipLink } from "./SkipLink";

/** Roles that write the letters of the caisse; the service says so again. */
const keepsTemplates = (role: string) => ["coordinateur", "responsable_unite", "secretaire"].includes(role);

const keepsPartners = (role: string) => ["coordinateur", "responsable_unite"].includes(role);

const Palette = lazy(() => import("./Palette"));
const KeyboardHelp = lazy(() => import("./KeyboardHelp"));

/** Narrow left rail; below 62em it becomes a bar at the top. */
export default function AgentShell({ session }: { session: SessionView }) {
  const { t } = useTranslation();
  const me = useMe(session.active!);
  const isAgent = session.active!.audience === "agent";
  const [opened, setOpened] = useState<"palette" | "keyboard" | null>(null);
  useShellKeys(setOpened);
  return (
    <div className={classes.agent}>
      <SkipLink />
      <header role="banner" className={classes.rail}>
        <Brand compact />
        <nav aria-label={t("shell.navigation")} className={classes.railLinks}>
          {isAgent && (
            <>
              <NavLink to="/ma-journee">
                <IconCalendarCheck size={24} aria-hidden />
                {t("shell.my_day")}
              </NavLink>
              <NavLink to="/files">
                <IconInbox size={24} aria-hidden />
                {t("shell.queues")}
              </NavLink>
              <NavLink to="/agenda">
                <IconCalendarWeek size={24} aria-hidden />
                {t("shell.agenda")}
              </NavLink>
              <NavLink to="/orientation">
                <IconDirections size={24} aria-hidden />
                {t("shell.orientation")}
              </NavLink>
              <Bell side="agent" size={24} />
              {keepsPartners(session.active!.role) && (
                <NavLink to="/e-mails-non-remis">
                  <IconMailX size={24} aria-hidden />
                  {t("shell.undelivered")}
                </NavLink>
              )}
              {keepsTemplates(session.active!.role) && (
                <NavLink to="/modeles">
                  <IconMail size={24} aria-hidden />
                  {t("shell.templates")}
                </NavLink>
              )}
              {isDesk(session.active!.role) && (
                <NavLink to="/structures">
                  <IconBuildingCommunity size={24} aria-hidden />
                  {t("shell.structures")}
                </NavLink>
              )}
              <NavLink to="/travaux">
                <IconProgress size={24} aria-hidden />
                {t("shell.works")}
              </NavLink>
            </>
          )}
        </nav>
        <div className={classes.railTools}>
          <button type="button" onClick={() => setOpened("palette")}>
            <IconSearch size={24} aria-hidden />
            {t("shell.palette")}
          </button>
          <button type="button" onClick={() => setOpened("keyboard")} className={classes.wideOnly}>
            <IconKeyboard size={24} aria-hidden />
            {t("shell.keyboard")}
          </button>
          <AccountMenu session={session} who={me ? fullName(me) : ""} compact />
        </div>
      </header>
      <div className={classes.agentBody}>
        <main id="contenu" className={classes.agentMain} tabIndex={-1}>
          <Outlet />
        </main>
        <Footer demonstration={session.demonstration} />
      </div>
      <Suspense fallback={null}>
        {opened === "palette" && <Palette onClose={() => setOpened(null)} onKeyboard={() => setOpened("keyboard")} />}
        {opened === "keyboard" && <KeyboardHelp onClose={() => setOpened(null)} />}
      </Suspense>
    </div>
  );
}
