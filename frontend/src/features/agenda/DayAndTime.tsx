import { TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { DateField } from "../../ui/DateField";
import classes from "./Agenda.module.css";

type Props = { day: string | null; time: string; onDay: (day: string | null) => void; onTime: (time: string) => void };

/** When something of one's own choice begins, by the clock of the caisse. */
export function DayAndTime({ day, time, onDay, onTime }: Props) {
  const { t } = useTranslation("agenda");
  return (
    <div className={classes.pair}>
      <DateField id="day" label={t("resource.day")} help="" value={day} onChange={onDay} />
      <TextInput
        id="start"
        type="time"
        step={300}
        label={t("resource.start")}
        value={time}
        onChange={(event) => onTime(event.currentTarget.value)}
      />
    </div>
  );
}
