import type { RequestKind } from "../../api/forms";

/** Whom the person is told about: the mission, the social service, or the caisse as a whole. */
export type Voice = "misas" | "portal" | "social";

export function voiceOf(kind: RequestKind): Voice {
  if (kind === "misas_referral") return "misas";
  return kind === "ss_referral" ? "social" : "portal";
}

/** The urgency line checks first: what is said of sending there differs. */
export const sendingVoiceOf = (kind: RequestKind): Voice | "urgent" => (kind === "urgent" ? "urgent" : voiceOf(kind));

/** Whether somebody calls the person back: there a number is needed. */
export const needsPhone = (kind: RequestKind, reply: unknown): boolean =>
  ["misas_referral", "ss_referral", "appointment"].includes(kind) || (kind === "contact" && reply === "call");
