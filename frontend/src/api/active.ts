import { createContext, useContext } from "react";

import type { Assignment } from "./session";

export const ActiveAssignment = createContext<Assignment | null>(null);

/** The role under which the page is shown. */
export function useActive(): Assignment {
  const active = useContext(ActiveAssignment);
  if (!active) throw new Error("useActive outside of a signed-in page");
  return active;
}
