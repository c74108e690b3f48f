/** `Prénom NOM` */
export function fullName(person: { first_name?: string | null; first_names?: string | null; last_name: string }): string {
  const first = person.first_names ?? person.first_name ?? "";
  return `${first} ${person.last_name.toLocaleUpperCase("fr")}`.trim();
}

/** `Camille R.`: enough to know whose session is open, little on a screen seen by others. */
export function shortName(person: { first_name: string; last_name: string }): string {
  return `${person.first_name} ${person.last_name.slice(0, 1).toLocaleUpperCase("fr")}.`;
}

/** `05 61 00 00 00` */
export function formatPhone(value: string): string {
  const digits = value.replace(/[^\d+]/g, "").replace(/^(\+|00)(33|262|590|594|596)(?=\d{9}$)/, "0");
  return /^0\d{9}$/.test(digits) ? digits.replace(/(\d{2})(?=\d)/g, "$1\u00a0") : value;
}
