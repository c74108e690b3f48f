import { Navigate } from "react-router";

import { useSession } from "../api/session";
import { homeOf } from "./homes";

export function Home() {
  const session = useSession();
  if (session.state === "enrolment") return <Navigate to="/invitation" replace />;
  if (session.state !== "open" || !session.active) return <Navigate to="/connexion" replace />;
  return <Navigate to={homeOf(session.active.audience)} replace />;
}
