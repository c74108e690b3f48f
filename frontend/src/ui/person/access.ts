import type { Schemas } from "../../api/client";
import type { Needs } from "../NeedsFields";

export type PersonNeeds = Schemas["PersonNeeds"];
export type Access = Pick<PersonNeeds, "safe_moments" | "cautions" | "access_needs">;

export const noAccess: Access = { safe_moments: [], cautions: [], access_needs: [] };

/** What a booking takes over from the record; it stays to be changed for this one appointment. */
export const bookedFrom = (known: PersonNeeds): Needs => ({
  interpreter: known.interpreter,
  language: known.interpreter && known.language !== "fr" ? known.language : null,
  accessibility: known.access_needs.includes("step_free_access"),
});
