import type { Calendar, CalendarIn } from "./api";

type Kind = Calendar["kind"];

/** Kinds that somebody holds, that are a place, of which there may be several at once, that partners may be let into. */
export const isHeld = (kind: Kind) => kind === "adviser" || kind === "social_worker";
export const isPlace = (kind: Kind) => kind !== "equipment";
export const isShared = (kind: Kind) => kind === "reception" || kind === "ces" || kind === "equipment";
export const isOpenable = (kind: Kind) => kind === "adviser" || kind === "reception" || kind === "ces";

export const newCalendar: CalendarIn = {
  kind: "adviser",
  label: "",
  account: null,
  unit: null,
  zone: null,
  place: null,
  accessible: false,
  capacity: 1,
  open_to_partners: false,
  subjects: [],
  active: true,
};

/** A calendar as it would be said anew. */
export function asGiven(shown: Calendar): CalendarIn {
  const { kind, label, account, unit, zone, place, accessible, capacity, open_to_partners, subjects, active } = shown;
  return { kind, label, account, unit, zone, place, accessible, capacity, open_to_partners, subjects, active };
}

/** What was typed, without what the kind of calendar does not have; empty is nothing. */
export function tidied(typed: CalendarIn): CalendarIn {
  const { kind } = typed;
  const opened = isOpenable(kind) && (typed.open_to_partners ?? false);
  return {
    ...typed,
    label: typed.label.trim(),
    account: isHeld(kind) ? typed.account : null,
    unit: isHeld(kind) ? typed.unit : null,
    zone: kind === "social_worker" ? typed.zone?.trim() || null : null,
    place: typed.place?.trim() || null,
    accessible: isPlace(kind) && typed.accessible,
    capacity: isShared(kind) ? typed.capacity : 1,
    open_to_partners: opened,
    subjects: opened ? typed.subjects : [],
  };
}
