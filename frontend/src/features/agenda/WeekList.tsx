import { useTranslation } from "react-i18next";

import { formatWeekday, zoned } from "../../lib/zoned";
import { AppointmentTag } from "../../ui/AppointmentTag";
import classes from "./Agenda.module.css";
import type { Appointment, Week } from "./api";
import { useTitles } from "./use-titles";

/** The same week, day after day. */
export function WeekList({ week, onOpen }: { week: Week; onOpen: (shown: Appointment) => void }) {
  const { t } = useTranslation("agenda");
  const titles = useTitles(week.appointments);
  const { dayOf, timeOf } = zoned(week.time_zone);
  return (
    <>
      {week.days.map((day) => {
        const mine = week.appointments.filter((one) => dayOf(one.starts_at) === day.on);
        if (mine.length === 0 && day.windows.length === 0) return null;
        return (
          <section key={day.on} className={classes.listed} aria-label={formatWeekday(day.on)}>
            <h3 className={classes.listedName}>
              {formatWeekday(day.on)}
              {day.holiday && <span className={classes.holiday}>{t("holiday")}</span>}
            </h3>
            <p className={classes.listedHours}>
              {day.windows.length === 0
                ? t("closed")
                : day.windows
                    .map((one) => t("between", { from: timeOf(one.from_at), until: timeOf(one.until_at) }))
                    .join(", ")}
            </p>
            <ul className={classes.list}>
              {mine.map((one) => {
                const { who, what, needs, price } = titles(one);
                return (
                  <li key={one.id}>
                    <button type="button" className={classes.line} onClick={() => onOpen(one)}>
                      <span>
                        <strong>{t("between", { from: timeOf(one.starts_at), until: timeOf(one.ends_at) })}</strong>
                        <span className={classes.lineWho}>{[who, what].filter(Boolean).join(", ")}</span>
                        {[price, ...needs].filter(Boolean).map((more) => (
                          <span key={more} className={classes.small}>
                            {more}
                          </span>
                        ))}
                      </span>
                      <AppointmentTag state={one.state} />
                    </button>
                  </li>
                );
              })}
              {mine.length === 0 && <li className={classes.nothing}>{t("nothing")}</li>}
            </ul>
          </section>
        );
      })}
    </>
  );
}
