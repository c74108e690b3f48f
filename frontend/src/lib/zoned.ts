/** Days and hours of a caisse, wherever the reader sits: an appointment in Saint-Denis is at the hour of Saint-Denis. */
export function zoned(zone: string) {
  const iso = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  const clock = new Intl.DateTimeFormat("fr-FR", { timeZone: zone, hour: "numeric", minute: "2-digit", hourCycle: "h23" });
  const parts = (at: string) => {
    const found = clock.formatToParts(new Date(at));
    const part = (type: string) => Number(found.find((one) => one.type === type)?.value ?? 0);
    return { hour: part("hour"), minute: part("minute") };
  };
  const minutesOf = (at: string) => {
    const { hour, minute } = parts(at);
    return hour * 60 + minute;
  };
  const dayOf = (at: string) => iso.format(new Date(at));
  return {
    /** `2026-03-25` */
    dayOf,
    /** `9 h`, `14 h 05` */
    timeOf: (at: string) => {
      const { hour, minute } = parts(at);
      return minute === 0 ? `${hour}\u00a0h` : `${hour}\u00a0h\u00a0${String(minute).padStart(2, "0")}`;
    },
    /** `09:05`, as a field of hours takes it. */
    hourOf: (at: string) => {
      const { hour, minute } = parts(at);
      return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
    },
    /** Minutes since midnight, by the clock on the wall. */
    minutesOf,
    /** The instant of an hour of the wall (`09:00`), corrected twice: the offset may change on the way. */
    instantOf: (day: string, time: string) => {
      const wanted = Date.parse(`${day}T${time}:00Z`);
      let at = wanted;
      for (let n = 0; n < 2; n += 1) {
        const seen = new Date(at).toISOString();
        at += wanted - (Date.parse(`${dayOf(seen)}T00:00:00Z`) + minutesOf(seen) * 60_000);
      }
      return new Date(at).toISOString();
    },
  };
}

const weekday = new Intl.DateTimeFormat("fr-FR", { weekday: "long", day: "numeric", month: "long" });
const shortWeekday = new Intl.DateTimeFormat("fr-FR", { weekday: "short", day: "numeric" });

/** `mercredi 25 mars`; a day is read at noon, so that no zone moves it. */
export function formatWeekday(day: string): string {
  return weekday.format(new Date(`${day}T12:00:00`)).replace(/ 1 /, " 1er ");
}

export function formatShortWeekday(day: string): string {
  return shortWeekday.format(new Date(`${day}T12:00:00`));
}

export function addDays(day: string, count: number): string {
  const date = new Date(`${day}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** The Monday of the week a day is in. */
export function mondayOf(day: string): string {
  return addDays(day, -((new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7));
}
