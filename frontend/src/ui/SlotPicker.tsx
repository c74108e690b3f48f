import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";
import { formatWeekday, zoned } from "../lib/zoned";
import { EmptyState } from "./EmptyState";
import classes from "./SlotPicker.module.css";

type Props = {
  slots: Schemas["Slots"];
  zone: string;
  chosen: string | null;
  onChoose: (startsAt: string) => void;
  onFurther: (day: string) => void;
};

/** Free slots day by day; each is a button whose name says the day too, for who hears it out of its column. */
export function SlotPicker({ slots, zone, chosen, onChoose, onFurther }: Props) {
  const { t } = useTranslation();
  const { timeOf } = zoned(zone);
  const further = slots.next_on && (
    <Button variant="default" onClick={() => onFurther(slots.next_on!)}>
      {t("slots.further")}
    </Button>
  );
  if (slots.days.length === 0) {
    return (
      <EmptyState title={t("slots.none")} action={further}>
        {t("slots.none_detail")}
      </EmptyState>
    );
  }
  return (
    <div role="group" aria-label={t("slots.label")}>
      {slots.days.map((day) => (
        <div key={day.on} className={classes.day}>
          <h3 className={classes.name}>{formatWeekday(day.on)}</h3>
          <ul className={classes.slots}>
            {day.slots.map((slot) => (
              <li key={slot.starts_at}>
                <button
                  type="button"
                  className={classes.slot}
                  aria-pressed={chosen === slot.starts_at}
                  aria-label={t("slots.one", { day: formatWeekday(day.on), time: timeOf(slot.starts_at) })}
                  onClick={() => onChoose(slot.starts_at)}
                >
                  {timeOf(slot.starts_at)}
                </button>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {further}
    </div>
  );
}
