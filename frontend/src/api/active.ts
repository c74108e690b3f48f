import { createContext, useContext } from "react";

import type { ActiveRole } from "./session";

export const ActiveAssignment = createContext<ActiveRole | null>(null);

/** The role under which the page is shown. */
export function useActive(): ActiveRole {
  const active = useContext(ActiveAssignment);
  if (!active) throw new Error("useActive outside of a signed-in page");
  return active;
}
