import type { AnyForm, FormOf, RequestKind } from "../../api/forms";
import {
  appointmentPlaceValues,
  appointmentSubjectValues,
  careNeedValues,
  contactReplyValues,
  coverStateValues,
  deliveryValues,
  documentTypeValues,
  earlierChannelValues,
  fileTypeValues,
  halfDayValues,
  invalidityCaseValues,
  nonAutonomyValues,
  schemeValues,
  socialMotiveValues,
  urgentSituationValues,
  urgentTypeValues,
} from "../../api/schema";
import type { CodeList } from "../../i18n/use-code";

/** Kinds whose situation is a plain list of fields; a MisAS referral has its own pages. */
export type PlainKind = Exclude<RequestKind, "misas_referral">;
export type PlainForm = FormOf<PlainKind>;

type Shape =
  | { type: "choice" | "select" | "several"; list: CodeList; values: readonly string[] }
  /** A request of the structure about the same person. */
  | { type: "request" }
  | { type: "date" | "line" | "yes_no" | "tick" | "note" }
  | { type: "count"; min: number; max: number };

export type Field = Shape & { name: string; optional: boolean };

type Given<Form> = Shape & {
  name: Exclude<keyof Form & string, "kind" | "informed" | "phone" | "best_time">;
  optional?: true;
  when?: (form: Form) => boolean;
};

const among = (list: CodeList, values: readonly string[], type: "choice" | "select" | "several" = "choice") => ({
  type,
  list,
  values,
});

const note = { name: "note", type: "note", optional: true } as const;

/** Shown only where it was said: the urgency line is the way to say it, until a caisse ends it. */
const urgent = { name: "urgent", type: "tick", optional: true, when: (form: { urgent: boolean }) => form.urgent } as const;

const income = new Set<string | null>(["ij", "invalidite"]);

const forCare = ({ urgent_type }: FormOf<"urgent">) => urgent_type !== null && !income.has(urgent_type);

const fields: { [Kind in PlainKind]: readonly Given<FormOf<Kind>>[] } = {
  send_file: [
    { name: "file_type", ...among("file_type", fileTypeValues) },
    { name: "adults", type: "count", min: 1, max: 20, optional: true },
    { name: "children", type: "count", min: 0, max: 20, optional: true },
    { name: "form_version", type: "line", optional: true },
    urgent,
    note,
  ],
  follow_up: [
    { name: "about", type: "request", optional: true },
    { name: "file_type", ...among("file_type", fileTypeValues, "select"), optional: true, when: (form) => !form.about },
    { name: "sent_on", type: "date", when: (form) => !form.about },
    { name: "channel", ...among("earlier_channel", earlierChannelValues), when: (form) => !form.about },
    urgent,
    note,
  ],
  appointment: [
    { name: "place", ...among("appointment_place", appointmentPlaceValues) },
    { name: "about", ...among("appointment_subject", appointmentSubjectValues, "select") },
    { name: "about_detail", type: "line", when: (form) => form.about === "other" },
    { name: "non_autonomy", ...among("non_autonomy", nonAutonomyValues), when: (form) => form.place === "accueil" },
    { name: "not_before", type: "date", optional: true },
    { name: "half_day", ...among("half_day", halfDayValues), optional: true },
    { name: "interpreter", type: "line", optional: true },
    { name: "step_free", type: "tick", optional: true },
    note,
  ],
  document: [
    { name: "document_type", ...among("document_type", documentTypeValues) },
    { name: "document_detail", type: "line", when: (form) => form.document_type === "other" },
    { name: "from_on", type: "date", optional: true },
    { name: "until_on", type: "date", optional: true },
    { name: "delivery", ...among("delivery", deliveryValues) },
    { name: "non_autonomy", ...among("non_autonomy", nonAutonomyValues) },
    note,
  ],
  contact: [
    { name: "about", type: "line" },
    { name: "reply", ...among("contact_reply", contactReplyValues) },
    urgent,
    note,
  ],
  urgent: [
    { name: "urgent_type", ...among("urgent_type", urgentTypeValues) },
    { name: "situation", ...among("urgent_situation", urgentSituationValues), when: forCare },
    {
      name: "break_on",
      type: "date",
      when: (form) => forCare(form) && form.situation === "imminent_break",
    },
    { name: "care_need", ...among("care_need", careNeedValues), when: forCare },
    { name: "care_on", type: "date", when: forCare },
    { name: "sent_on", type: "date", when: (form) => form.urgent_type === "suivi" },
    {
      name: "channel",
      ...among("earlier_channel", earlierChannelValues, "select"),
      when: (form) => form.urgent_type === "suivi",
    },
    { name: "leave_started_on", type: "date", when: (form) => form.urgent_type === "ij" },
    { name: "allowance_paid", type: "yes_no", when: (form) => form.urgent_type === "ij" },
    {
      name: "invalidity_case",
      ...among("invalidity_case", invalidityCaseValues),
      when: (form) => form.urgent_type === "invalidite",
    },
    {
      name: "initial_request_on",
      type: "date",
      when: (form) => form.urgent_type === "invalidite" && form.invalidity_case === "initial_request",
    },
    { name: "base_rights", ...among("cover_state", coverStateValues) },
    { name: "top_up", ...among("cover_state", coverStateValues) },
    note,
  ],
  ss_referral: [
    { name: "motives", ...among("social_motive", socialMotiveValues, "several") },
    {
      name: "discharged_on",
      type: "date",
      when: (form) => form.motives.includes("aide_domicile_non_retraites"),
    },
    { name: "scheme", ...among("scheme", schemeValues) },
    note,
  ],
};

/** The fields to ask now, given what was answered so far. */
export function fieldsOf(form: PlainForm): readonly Field[] {
  const given = fields[form.kind] as readonly Given<PlainForm>[];
  return given
    .filter(({ when }) => when === undefined || when(form))
    .map((field) => ({ ...field, optional: field.optional ?? false }));
}

export function isPlain(form: AnyForm): form is PlainForm {
  return form.kind !== "misas_referral";
}

/** What was answered, whatever the field; the table above holds that the name is one of the form's. */
export const valueOf = (form: AnyForm, name: string): unknown => (form as unknown as Record<string, unknown>)[name];

/** Whether nothing is answered. A tick says something either way. */
export function isBlank(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
