import type { FieldProblem } from "../../lib/problem";
import type { MisasForm } from "./api";

export const stepNames = ["person", "situation", "agreement", "documents", "summary"] as const;
export type StepName = (typeof stepNames)[number];

export const pathOf = (requestId: string, step: Exclude<StepName, "person">) =>
  `/saisine/${requestId}/${{ situation: "situation", agreement: "accord", documents: "documents", summary: "recapitulatif" }[step]}`;

/** On which step a field of the form is asked. */
export function stepOf(field: string): "situation" | "agreement" {
  return /^(informed|phone|best_time)\b/.test(field) ? "agreement" : "situation";
}

export type Missing = "scopes" | "motives" | "renounced_care" | "reasons" | "detail" | "informed_on" | "agrees" | "channel" | "phone";

/** What has not been answered on a step. Only presence: whether an answer holds is for the service to say. */
export function missingOn(step: StepName, form: MisasForm, message: (what: Missing) => string): FieldProblem[] {
  const found: FieldProblem[] = [];
  const need = (absent: boolean, field: string, what: Missing) => {
    if (absent) found.push({ field, message: message(what) });
  };
  if (step === "situation") {
    need(form.scopes.length === 0, "scopes", "scopes");
    need(
      form.scopes.includes("renoncement_soins") && form.renounced_care.length === 0,
      "renounced_care",
      "renounced_care",
    );
    form.renounced_care.forEach((care, index) => {
      need(care.care_type === "other" && !care.detail, `renounced_care.${index}.detail`, "detail");
      need(care.reasons.length === 0, `renounced_care.${index}.reasons`, "reasons");
    });
    need(form.motives.length === 0, "motives", "motives");
  }
  if (step === "agreement") {
    need(!form.informed.informed_on, "informed.informed_on", "informed_on");
    need(form.informed.channel === null, "informed.channel", "channel");
    need(form.informed.agrees_to_be_called === null, "informed.agrees_to_be_called", "agrees");
    need(!form.phone, "phone", "phone");
  }
  return found;
}
