import { VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useCode } from "../../i18n/use-code";
import { todayIso } from "../../lib/dates";
import { formatShortWeekday, formatWeekday, zoned } from "../../lib/zoned";
import classes from "./Agenda.module.css";
import type { Appointment, Week } from "./api";
import { useTitles } from "./use-titles";

const PX = 1.4;

/** Seven columns of hours. What is open is light, what is not is shaded; each appointment is a button, in order. */
export function WeekGrid({ week, onOpen }: { week: Week; onOpen: (shown: Appointment) => void }) {
  const { t } = useTranslation("agenda");
  const code = useCode();
  const titles = useTitles(week.appointments);
  const { dayOf, minutesOf, timeOf } = zoned(week.time_zone);
  const ends = (at: string) => minutesOf(at) || 24 * 60;
  const spans = [
    ...week.days.flatMap((day) => day.windows.map((one) => [minutesOf(one.from_at), ends(one.until_at)] as const)),
    ...week.appointments.map((one) => [minutesOf(one.starts_at), ends(one.ends_at)] as const),
  ];
  const first = Math.floor(Math.min(8 * 60, ...spans.map(([from]) => from)) / 60);
  const last = Math.ceil(Math.max(18 * 60, ...spans.map(([, until]) => until)) / 60);
  const top = (minutes: number) => (minutes - first * 60) * PX;
  const shown = week.days.filter(
    (day, n) => n < 5 || day.windows.length > 0 || week.appointments.some((one) => dayOf(one.starts_at) === day.on),
  );
  const today = todayIso();
  return (
    <div className={classes.grid} style={{ "--columns": shown.length, "--height": `${top(last * 60)}px` } as never}>
      <div className={classes.hours} aria-hidden>
        {Array.from({ length: last - first }, (_, n) => (
          <span key={n} style={{ top: `${n * 60 * PX}px` }}>
            {t("hour", { hour: first + n })}
          </span>
        ))}
      </div>
      {shown.map((day) => {
        const mine = week.appointments.filter((one) => dayOf(one.starts_at) === day.on);
        return (
          <section key={day.on} className={classes.day} aria-label={formatWeekday(day.on)}>
            <h3 className={classes.dayName} data-today={day.on === today || undefined}>
              {formatShortWeekday(day.on)}
              {day.holiday && <span className={classes.holiday}>{t("holiday")}</span>}
            </h3>
            <div className={classes.column}>
              {day.windows.map((one) => (
                <div
                  key={one.from_at}
                  className={classes.open}
                  style={{
                    top: `${top(minutesOf(one.from_at))}px`,
                    height: `${(ends(one.until_at) - minutesOf(one.from_at)) * PX}px`,
                  }}
                />
              ))}
              {lanes(mine).map(({ one, lane, of }) => {
                const { who, what, needs, price } = titles(one);
                const minutes = (Date.parse(one.ends_at) - Date.parse(one.starts_at)) / 60_000;
                return (
                  <button
                    key={one.id}
                    type="button"
                    className={classes.appointment}
                    data-state={one.state}
                    style={{
                      top: `${top(minutesOf(one.starts_at))}px`,
                      height: `${Math.max(minutes * PX - 2, 32)}px`,
                      left: `calc(${(100 * lane) / of}% + 2px)`,
                      width: `calc(${100 / of}% - 4px)`,
                    }}
                    onClick={() => onOpen(one)}
                  >
                    <VisuallyHidden>{formatWeekday(day.on)}</VisuallyHidden>
                    <span className={classes.who}>{who}</span>
                    <span className={classes.what}>{[timeOf(one.starts_at), what].filter(Boolean).join(" · ")}</span>
                    {[price, ...needs].filter(Boolean).map((more) => (
                      <span key={more} className={classes.what}>
                        {more}
                      </span>
                    ))}
                    <VisuallyHidden>{code("appointment_state", one.state)}</VisuallyHidden>
                  </button>
                );
              })}
            </div>
          </section>
        );
      })}
    </div>
  );
}

/** Side by side where they overlap: each takes the first lane that is free. */
function lanes(appointments: Appointment[]): { one: Appointment; lane: number; of: number }[] {
  const placed: { one: Appointment; lane: number }[] = [];
  const overlap = (a: Appointment, b: Appointment) => a.starts_at < b.ends_at && b.starts_at < a.ends_at;
  for (const one of appointments) {
    const taken = new Set(placed.filter((other) => overlap(one, other.one)).map((other) => other.lane));
    let lane = 0;
    while (taken.has(lane)) lane += 1;
    placed.push({ one, lane });
  }
  return placed.map(({ one, lane }) => ({
    one,
    lane,
    of: Math.max(...placed.filter((other) => overlap(one, other.one)).map((other) => other.lane)) + 1,
  }));
}
