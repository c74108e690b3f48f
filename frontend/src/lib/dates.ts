const day = new Intl.DateTimeFormat("fr-FR", { day: "numeric", month: "long", year: "numeric" });
const shortDay = new Intl.DateTimeFormat("fr-FR", { day: "numeric", month: "short" });
const time = new Intl.DateTimeFormat("fr-FR", { hour: "numeric", minute: "2-digit" });
const relative = new Intl.RelativeTimeFormat("fr", { numeric: "auto" });

/** `2026-03-12` stands for a calendar day: read it at local noon, so that no time zone moves it. */
export function asDate(value: string): Date {
  return new Date(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T12:00:00` : value);
}

/** `12 mars 2026`; the first of a month is written `1er`. */
export function formatDay(value: string): string {
  return day.format(asDate(value)).replace(/^1 /, "1er ");
}

export function formatShortDay(value: string): string {
  return shortDay.format(asDate(value)).replace(/^1 /, "1er ");
}

/** `14 h 05` */
export function formatTime(value: string): string {
  return time.format(asDate(value)).replace(":", " h ").replace(/\s/g, "\u00a0");
}

/** `12 mars 2026 à 14 h 05` */
export function formatInstant(value: string): string {
  return `${formatDay(value)} à ${formatTime(value)}`;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `il y a 3 jours`, `dans 2 heures`, `demain`: days are counted on the calendar, not by 24 hours. */
export function formatRelative(value: string, now: Date = new Date()): string {
  const target = asDate(value);
  const elapsed = target.getTime() - now.getTime();
  const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  const days = Math.round((midnight(target) - midnight(now)) / DAY);
  const isDay = value.length === 10;
  if (isDay || Math.abs(days) >= 1) {
    if (Math.abs(days) < 31) return relative.format(days, "day");
    if (Math.abs(days) < 365) return relative.format(Math.round(days / 30.4), "month");
    return relative.format(Math.round(days / 365.25), "year");
  }
  if (Math.abs(elapsed) < MINUTE) return "à l’instant";
  if (Math.abs(elapsed) < HOUR) return relative.format(Math.round(elapsed / MINUTE), "minute");
  return relative.format(Math.round(elapsed / HOUR), "hour");
}

/** Reads what people type for a date: `12/03/1989`, `12 3 1989`, `12031989`. Null when it is no day of the calendar. */
export function parseDay(typed: string): string | null {
  const text = typed.trim();
  const match = /^(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4})$/.exec(text) ?? /^(\d{2})(\d{2})(\d{4})$/.exec(text);
  if (!match) return null;
  const [, d, m, y] = match.map(Number) as [number, number, number, number];
  const date = new Date(y, m - 1, d, 12);
  if (date.getFullYear() !== y || date.getMonth() !== m - 1 || date.getDate() !== d || y < 1900) return null;
  return `${y}-${String(m).padStart(2, "0")}-${String(d).padStart(2, "0")}`;
}

/** `12/03/1989`, the way it is typed back. */
export function typedDay(value: string | null | undefined): string {
  if (!value) return "";
  const [y, m, d] = value.split("-");
  return `${d}/${m}/${y}`;
}

export function todayIso(now: Date = new Date()): string {
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
}

export function ageOn(birthOn: string, now: Date = new Date()): number {
  const birth = asDate(birthOn);
  const birthdayPassed =
    now.getMonth() > birth.getMonth() ||
    (now.getMonth() === birth.getMonth() && now.getDate() >= birth.getDate());
  return now.getFullYear() - birth.getFullYear() - (birthdayPassed ? 0 : 1);
}
