import type { Schemas } from "../../api/client";
import type { RequestKind } from "../../api/forms";

/** What an answer may come to, by kind; the service refuses any other. */
export const outcomes: Partial<Record<RequestKind, readonly Schemas["AnswerOutcome"][]>> = {
  send_file: ["complete", "incomplete", "transferred"],
  follow_up: ["status_told", "chased", "not_found"],
  appointment: ["booked", "no_slot", "done_elsewhere"],
  document: ["delivered", "not_delivered"],
  contact: ["called", "message"],
  urgent: ["right_opened", "regularised", "paid", "appointment"],
};
