import type { Schemas } from "../api/client";
import type { SessionView } from "../api/session";
import type { MisasForm } from "../api/forms";

const id = (tail: string) => `01990000-0000-7000-8000-${tail.padStart(12, "0")}`;

export const ids = { account: id("a1"), structure: id("51"), person: id("b1"), other: id("b2"), request: id("c1"), colleague: id("a2") };

const nobody: SessionView = {
  state: "anonymous",
  account_id: null,
  active: null,
  assignments: [],
  factors: [],
  idle_expires_at: null,
  absolute_expires_at: null,
  stepup_until: null,
  demonstration: false,
};

function opened(role: Pick<Schemas["AssignmentOut"], "audience" | "role" | "unit" | "structure_id">): SessionView {
  const assignment = { ...role, caisse: "311" };
  return {
    ...nobody,
    state: "open",
    account_id: ids.account,
    active: { ...assignment, assignment_id: id("d1") },
    assignments: [{ ...assignment, id: id("d1") }],
    idle_expires_at: "2026-03-12T10:30:00Z",
    absolute_expires_at: "2026-03-12T18:00:00Z",
  };
}

export const sessions = {
  nobody,
  second: { ...nobody, state: "second_factor", factors: ["totp", "recovery_code"] } satisfies SessionView,
  partner: opened({ audience: "partner", role: "partner_user", unit: null, structure_id: ids.structure }),
  agent: opened({ audience: "agent", role: "conseiller_misas", unit: "misas", structure_id: null }),
};

export const card: Schemas["PersonCard"] = {
  id: ids.person,
  number: "311-P0000001",
  display_name: "Sofia DELMAS",
  birth_on: "1989-04-02",
  phone_masked: "06 ** ** ** 12",
  city: "Muret",
  identifier_kind: "nir",
};

export const structure: Schemas["StructureForPartner"] = {
  id: ids.structure,
  version: 1,
  name: "CCAS de Muret",
  kind: "ccas",
  caisse: "311",
  caisse_name: "CPAM de la Haute-Garonne",
  department: "31",
  siret: null,
  finess: null,
  address: { lines: ["1 place de la Mairie"], postcode: "31600", city: "Muret" } as never,
  state: "active",
  portal_opened_on: "2026-01-05",
  nir_allowed: true,
  rights: [],
  open_rights: [],
  blocks: [],
  max_accounts: 10,
  open_accounts: 2,
};

export const me = { id: ids.account, first_name: "Camille", last_name: "Roux", email: "camille@exemple.fr" } as Schemas["Me"];

export const emptyForm: MisasForm = {
  kind: "misas_referral",
  scopes: [],
  motives: [],
  renounced_care: [],
  situation_note: null,
  informed: { informed_on: null, agrees_to_be_called: null, channel: null, statement_version: null },
  phone: null,
  best_time: null,
  detector_note: null,
};

export const fullForm: MisasForm = {
  ...emptyForm,
  scopes: ["renoncement_soins"],
  motives: ["plan_aide_financiere"],
  renounced_care: [{ care_type: "dental", detail: null, reasons: ["out_of_pocket"] }],
  informed: { informed_on: "2026-03-10", agrees_to_be_called: true, channel: "in_person", statement_version: "2022-11" },
  phone: "+33612345612",
};

const mayNothing: Schemas["PartnerRequestAbilities"] = {
  edit: false,
  submit: false,
  discard: false,
  make_ordinary: false,
  withdraw: false,
  complete: false,
  close: false,
  reopen: false,
  void: false,
  write: false,
};

const may = { ...mayNothing, withdraw: true, write: true };

export const row: Schemas["PartnerRequestRow"] = {
  id: ids.request,
  version: 3,
  number: "311-2026-000482",
  kind: "misas_referral",
  topic: null,
  urgent: false,
  state: "under_review",
  state_label: "À l'étude",
  turn: "caisse",
  person: card,
  created_at: "2026-03-09T09:00:00Z",
  submitted_at: "2026-03-10T09:00:00Z",
  due_on: "2026-03-16",
  lapses_on: null,
  working_days_left: 2,
  last_event: "Prise à l'étude",
  last_event_at: "2026-03-11T09:00:00Z",
  unread: 0,
  abilities: may,
};

export const draftRow: Schemas["PartnerRequestRow"] = {
  ...row,
  number: null,
  state: "draft",
  turn: "partner",
  submitted_at: null,
  abilities: { ...mayNothing, edit: true, submit: true, discard: true },
};

export const draft: Schemas["PartnerRequest"] = {
  ...draftRow,
  author: ids.account,
  form: emptyForm,
  warnings: [],
  timeline: [],
  messages: [],
};

export const request: Schemas["PartnerRequest"] = {
  ...row,
  author: ids.account,
  form: fullForm,
  warnings: [],
  timeline: [],
  messages: [
    {
      id: id("e1"),
      at: "2026-03-11T10:00:00Z",
      side: "caisse",
      author: null,
      text: "Est-elle joignable l’après-midi ?",
      expects_answer: true,
      read_at: null,
    },
  ],
};

const agentMayNothing: Schemas["AgentRequestAbilities"] = {
  take: false,
  assign: false,
  accept: false,
  refuse: false,
  redirect: false,
  transfer: false,
  ask: false,
  answer: false,
  reject: false,
  qualify: false,
  make_ordinary: false,
  take_on: false,
  end: false,
  reopen: false,
  void: false,
  write: false,
};

export const agentRow: Schemas["AgentRequestRow"] = {
  id: ids.request,
  version: 3,
  number: "311-2026-000482",
  kind: "misas_referral",
  topic: null,
  urgent: false,
  state: "submitted",
  state_label: "À prendre",
  coarse: "received",
  turn: "caisse",
  queue: "misas",
  person_id: ids.person,
  person: card,
  structure_id: ids.structure,
  detector_trained: true,
  assigned_to: null,
  submitted_at: "2026-03-10T09:00:00Z",
  due_on: "2026-03-12",
  lapses_on: null,
  working_days_left: 0,
  overdue: false,
  first_contact_due_on: null,
  last_event: "Saisine envoyée",
  last_event_at: "2026-03-10T09:00:00Z",
  unread: 0,
  abilities: { ...agentMayNothing, take: true },
};

export const agentRequest: Schemas["AgentRequest"] = {
  ...agentRow,
  state: "relevance_review",
  coarse: "under_review",
  assigned_to: ids.account,
  abilities: { ...agentMayNothing, assign: true, accept: true, refuse: true, redirect: true, write: true },
  author: ids.account,
  detector_kind: "ccas",
  detection_mode: "external",
  unit: "misas",
  taken_at: "2026-03-11T09:00:00Z",
  decided_at: null,
  decision_days: null,
  origin_caisse: null,
  withheld: false,
  form: fullForm,
  timeline: [],
  messages: [],
};

export const agentPerson: Schemas["AgentPerson"] = {
  id: ids.person,
  version: 1,
  number: card.number,
  display_name: card.display_name,
  identity: {
    civility: "madame",
    first_names: "Sofia",
    last_name: "Delmas",
    birth_name: null,
    birth_on: "1989-04-02",
    birth_place: "Toulouse",
    sex: "female",
  },
  contact: {
    phone: "+33612345612",
    phone_kind: "own_mobile",
    email: null,
    address: null,
    preferred_channel: "phone",
    safe_hours: null,
    safe_moments: [],
    cautions: [],
    language: "fr",
    interpreter: false,
    access_needs: [],
  },
  household: { adults: 1, children: [], note: null },
  identifiers: [
    { kind: "nir", none_reason: null, from_at: "2026-03-09T09:00:00Z", until_at: null, masked: "2 89 ** ** *** *** **" },
  ],
  registered_by_structure: ids.structure,
  open_until: null,
  abilities: { amend: true, reveal_number: true },
  registered_at: "2026-03-09T09:00:00Z",
  updated_at: "2026-03-09T09:00:00Z",
};

export const consent: Schemas["ConsentOut"] = {
  id: "01990000-0000-7000-8000-0000000000e1",
  version: 1,
  request_id: ids.request,
  scope: "to_be_reported",
  purpose: "misas_referral",
  recipient: "311",
  recipient_name: "CPAM de la Haute-Garonne",
  statement_version: "2022-11",
  told: ["Avec votre accord, nous transmettons."],
  informed_on: "2026-03-09",
  channel: "in_person",
  side: "partner",
  recorded_at: "2026-03-09T09:00:00Z",
  expires_on: "2027-03-09",
  state: "given",
  withdrawn_on: null,
  withdrawn_channel: null,
  withdrawn_side: null,
  effect: null,
  abilities: { withdraw: true },
};
