import type { AnyForm, MisasForm } from "../../api/forms";
import type { FieldProblem } from "../../lib/problem";
import { fieldsOf, isBlank, isPlain, type PlainForm, valueOf } from "../../ui/forms/fields";
import { needsPhone } from "./kinds";

export const stepNames = ["person", "situation", "agreement", "documents", "summary"] as const;
export type StepName = (typeof stepNames)[number];

export const pathOf = (requestId: string, step: Exclude<StepName, "person">) =>
  `/saisine/${requestId}/${{ situation: "situation", agreement: "accord", documents: "documents", summary: "recapitulatif" }[step]}`;

/** On which step a field of the form is asked. */
export function stepOf(field: string): "situation" | "agreement" {
  return /^(informed|phone|best_time)\b/.test(field) ? "agreement" : "situation";
}

export type Missing =
  | "scopes"
  | "motives"
  | "renounced_care"
  | "reasons"
  | "detail"
  | "informed_on"
  | "agrees"
  | "channel"
  | "phone"
  | "choice"
  | "several"
  | "date"
  | "text";

type Need = (absent: boolean, field: string, what: Missing) => void;

/** What has not been answered on a step. Only presence: whether an answer holds is for the service to say. */
export function missingOn(step: StepName, form: AnyForm, message: (what: Missing) => string): FieldProblem[] {
  const found: FieldProblem[] = [];
  const need: Need = (absent, field, what) => {
    if (absent) found.push({ field, message: message(what) });
  };
  if (step === "situation") {
    if (isPlain(form)) plainSituation(form, need);
    else misasSituation(form, need);
  }
  if (step === "agreement") {
    need(!form.informed.informed_on, "informed.informed_on", "informed_on");
    need(form.informed.channel === null, "informed.channel", "channel");
    need(form.informed.agrees_to_be_called === null, "informed.agrees_to_be_called", "agrees");
    need(needsPhone(form.kind, valueOf(form, "reply")) && !form.phone, "phone", "phone");
  }
  return found;
}

function misasSituation(form: MisasForm, need: Need): void {
  need(form.scopes.length === 0, "scopes", "scopes");
  need(form.scopes.includes("renoncement_soins") && form.renounced_care.length === 0, "renounced_care", "renounced_care");
  form.renounced_care.forEach((care, index) => {
    need(care.care_type === "other" && !care.detail, `renounced_care.${index}.detail`, "detail");
    need(care.reasons.length === 0, `renounced_care.${index}.reasons`, "reasons");
  });
  need(form.motives.length === 0, "motives", "motives");
}

const asked = { choice: "choice", select: "choice", yes_no: "choice", several: "several", date: "date" } as const;

function plainSituation(form: PlainForm, need: Need): void {
  for (const field of fieldsOf(form)) {
    const what = field.type in asked ? asked[field.type as keyof typeof asked] : "text";
    need(!field.optional && isBlank(valueOf(form, field.name)), field.name, what);
  }
}
