import { IconAlarm, IconCalendarCheck, IconClock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { formatDay } from "../lib/dates";
import classes from "./Clock.module.css";

type Props = { dueOn: string; workingDaysLeft: number | null; overdue?: boolean };

/** How long is left of the delay, in working days; late and today are told by icon and word. */
export function Clock({ dueOn, workingDaysLeft, overdue = false }: Props) {
  const { t } = useTranslation();
  if (workingDaysLeft === null) return <span className={classes.clock}>{formatDay(dueOn)}</span>;
  const late = overdue || workingDaysLeft < 0;
  const tone = late ? "late" : workingDaysLeft === 0 ? "today" : "later";
  const Icon = late ? IconAlarm : workingDaysLeft === 0 ? IconClock : IconCalendarCheck;
  const days = Math.abs(workingDaysLeft);
  return (
    <span className={classes.clock} data-tone={tone} title={formatDay(dueOn)}>
      <Icon size={18} aria-hidden />
      {late && (days > 0 && workingDaysLeft < 0 ? t("clock.late", { count: days }) : t("clock.late_unknown"))}
      {!late && (days === 0 ? t("clock.today") : t("clock.left", { count: days }))}
    </span>
  );
}
