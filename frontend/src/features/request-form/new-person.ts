import { type Access, noAccess } from "../../ui/person/access";
import type { PersonIn, PersonSearch } from "./api";

/** The record as it is being typed: texts may be blank, choices not made yet. */
export type PersonTyped = {
  civility: PersonIn["civility"];
  first_names: string;
  last_name: string;
  birth_name: string;
  birth_on: string | null;
  birth_place: string;
  sex: PersonIn["sex"];
  kind: PersonIn["identifier"]["kind"] | undefined;
  value: string;
  none_reason: PersonIn["identifier"]["none_reason"];
  phone: string;
  phone_kind: NonNullable<PersonIn["contact"]["phone_kind"]>;
  email: string;
  preferred_channel: PersonIn["contact"]["preferred_channel"];
  safe_hours: string;
  language: string;
  interpreter: boolean;
  access: Access;
  line: string;
  postcode: string;
  city: string;
  adults: number;
  children: (string | null)[];
};

export function blankPerson(known: PersonSearch | null): PersonTyped {
  return {
    civility: null,
    first_names: known?.first_name ?? "",
    last_name: known?.last_name ?? "",
    birth_name: "",
    birth_on: known?.birth_on ?? null,
    birth_place: "",
    sex: null,
    kind: undefined,
    value: "",
    none_reason: null,
    phone: "",
    phone_kind: "own_mobile",
    email: "",
    preferred_channel: "phone",
    safe_hours: "",
    language: "fr",
    interpreter: false,
    access: noAccess,
    line: "",
    postcode: "",
    city: "",
    adults: 1,
    children: [],
  };
}

const orNull = (text: string) => text.trim() || null;

/** The record as the register takes it. What is missing is left for the register to say, field by field. */
export function toPersonIn(typed: PersonTyped): PersonIn {
  const hasAddress = Boolean(typed.line.trim() || typed.postcode.trim() || typed.city.trim());
  const phone = orNull(typed.phone);
  return {
    civility: typed.civility,
    first_names: typed.first_names,
    last_name: typed.last_name,
    birth_name: orNull(typed.birth_name),
    birth_on: typed.birth_on ?? "",
    birth_place: orNull(typed.birth_place),
    sex: typed.sex,
    identifier: {
      kind: typed.kind ?? "none",
      value: typed.kind === "none" ? null : orNull(typed.value),
      none_reason: typed.kind === "none" ? typed.none_reason : null,
    },
    contact: {
      phone,
      phone_kind: phone ? typed.phone_kind : null,
      email: orNull(typed.email),
      address: hasAddress
        ? { lines: [typed.line], postcode: typed.postcode, city: typed.city, department: null }
        : null,
      preferred_channel: typed.preferred_channel,
      safe_hours: orNull(typed.safe_hours),
      language: typed.language,
      interpreter: typed.interpreter,
      ...typed.access,
    },
    household: {
      adults: typed.adults,
      children: typed.children.map((birth_on) => ({ birth_on: birth_on ?? "" })),
      note: null,
    },
  };
}
