import { lazy, useEffect, useState } from "react";
import { Navigate, useLocation } from "react-router";

import { ActiveAssignment } from "../api/active";
import { interrupt } from "../api/interruptions";
import { rememberOpenSession } from "../api/last-session";
import { type SessionView, useSession } from "../api/session";
import { startAfresh } from "../lib/start-afresh";

const PartnerShell = lazy(() => import("./PartnerShell"));
const AgentShell = lazy(() => import("./AgentShell"));

/** Lets in who is signed in, and chooses the shell of the active role. */
export function SignedShell() {
  const session = useSession();
  const location = useLocation();
  const [shown, setShown] = useState<SessionView | null>(null);
  const isOpen = session.state === "open" && session.active !== null;
  // Another tab signed somebody else in, or chose another role: one session serves every tab of the browser.
  const isSomebodyElse = isOpen && shown !== null && !sameActor(session, shown);
  if (isOpen && !isSomebodyElse && session !== shown) setShown(session);

  useEffect(() => {
    if (isSomebodyElse) startAfresh();
    else if (isOpen) rememberOpenSession(session);
    // Expired under an open page: ask over the page, never take it away.
    else if (shown) void interrupt("sign-in");
  }, [isSomebodyElse, isOpen, session, shown]);

  if (isSomebodyElse) return null;
  const current = isOpen ? session : shown;
  if (!current?.active) {
    const wanted = location.pathname + location.search;
    return <Navigate to={`/connexion?vers=${encodeURIComponent(wanted)}`} replace />;
  }
  const Shell = current.active.audience === "partner" ? PartnerShell : AgentShell;
  return (
    <ActiveAssignment value={current.active}>
      <Shell key={current.active.assignment_id} session={current} />
    </ActiveAssignment>
  );
}

function sameActor(one: SessionView, other: SessionView): boolean {
  return one.account_id === other.account_id && one.active?.assignment_id === other.active?.assignment_id;
}
