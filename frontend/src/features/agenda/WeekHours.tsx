import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconCopy, IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { DateField } from "../../ui/DateField";
import classes from "./Agenda.module.css";
import { oneMore, type Period, type Range } from "./periods";

const weekdays = ["0", "1", "2", "3", "4", "5", "6"] as const;

/** A usual week, a line a day: its ranges one after the other, and one more. */
export function WeekHours({ n, period, onChange }: { n: number; period: Period; onChange: (period: Period) => void }) {
  const { t } = useTranslation("agenda");
  const setDay = (weekday: number, ranges: Range[]) =>
    onChange({ ...period, days: period.days.map((each, at) => (at === weekday ? ranges : each)) });
  return (
    <>
      <div className={classes.between}>
        <DateField
          id={`from-on-${n}`}
          label={t("hours.from_on")}
          help=""
          value={period.from_on}
          onChange={(day) => day && onChange({ ...period, from_on: day })}
        />
        <DateField
          id={`until-on-${n}`}
          label={t("hours.until_on")}
          help=""
          value={period.until_on}
          error={period.until_on && period.until_on < period.from_on ? t("hours.until_first") : undefined}
          onChange={(day) => onChange({ ...period, until_on: day })}
        />
      </div>
      {weekdays.map((name, weekday) => (
        <DayHours
          key={name}
          id={`${n}-${name}`}
          name={t(`weekday.${name}`)}
          ranges={period.days[weekday]!}
          onChange={(ranges) => setDay(weekday, ranges)}
        />
      ))}
      {period.days[0]!.length > 0 && (
        <Button
          mt="sm"
          variant="default"
          className={classes.copy}
          leftSection={<IconCopy size={20} aria-hidden />}
          onClick={() =>
            onChange({ ...period, days: period.days.map((each, at) => (at > 0 && at < 5 ? period.days[0]! : each)) })
          }
        >
          {t("hours.copy_monday")}
        </Button>
      )}
    </>
  );
}

type DayProps = { id: string; name: string; ranges: Range[]; onChange: (ranges: Range[]) => void };

function DayHours({ id, name, ranges, onChange }: DayProps) {
  const { t } = useTranslation("agenda");
  const set = (n: number, change: Partial<Range>) =>
    onChange(ranges.map((one, at) => (at === n ? { ...one, ...change } : one)));
  return (
    <div role="group" aria-labelledby={`day-${id}`} className={classes.dayHours}>
      <h3 id={`day-${id}`}>{name}</h3>
      <div className={classes.ranges}>
        {ranges.length === 0 && <span className={classes.nothing}>{t("closed")}</span>}
        {ranges.map((one, n) => (
          <div key={n} className={classes.range}>
            <TextInput
              type="time"
              step={300}
              aria-label={t("hours.from_of", { day: name, number: n + 1 })}
              value={one.from_time}
              onChange={(event) => set(n, { from_time: event.currentTarget.value })}
            />
            <span aria-hidden>{t("hours.to")}</span>
            <TextInput
              type="time"
              step={300}
              aria-label={t("hours.until_of", { day: name, number: n + 1 })}
              value={one.until_time}
              onChange={(event) => set(n, { until_time: event.currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              size={44}
              aria-label={t("hours.remove_range", { day: name, number: n + 1 })}
              onClick={() => onChange(ranges.filter((_, at) => at !== n))}
            >
              <IconTrash size={20} aria-hidden />
            </ActionIcon>
          </div>
        ))}
      </div>
      <Button
        variant="subtle"
        leftSection={<IconPlus size={20} aria-hidden />}
        aria-label={t("hours.add_range_to", { day: name })}
        onClick={() => onChange([...ranges, oneMore(ranges)])}
      >
        {t("hours.add_range")}
      </Button>
    </div>
  );
}
