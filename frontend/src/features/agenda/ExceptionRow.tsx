import { ActionIcon, Checkbox, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { openingExceptionKindValues, openingExceptionReasonValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { Choice } from "../../ui/Choice";
import { DateField } from "../../ui/DateField";
import classes from "./Agenda.module.css";
import type { Availability } from "./api";
import { MORNING } from "./periods";

export type Exception = NonNullable<Availability["exceptions"]>[number];

const allDay = { from_time: null, until_time: null };

type Props = { n: number; one: Exception; onChange: (change: Partial<Exception>) => void; onRemove: () => void };

/** Days that differ: closed, all day or some hours; or open in addition, always for some hours. */
export function ExceptionRow({ n, one, onChange, onRemove }: Props) {
  const { t } = useTranslation("agenda");
  const code = useCode();
  const hours = one.from_time != null;
  return (
    <div role="group" aria-label={t("hours.exception", { number: n + 1 })} className={classes.exception}>
      <div className={classes.exceptionFields}>
        <Choice
          id={`kind-${n}`}
          label={t("hours.kind")}
          value={one.kind}
          values={openingExceptionKindValues}
          labelOf={(kind) => code("opening_exception_kind", kind)}
          onChange={(kind) => kind && onChange({ kind, ...(kind === "extra" && !hours ? MORNING : {}) })}
        />
        <Choice
          id={`reason-${n}`}
          label={t("hours.reason")}
          value={one.reason}
          values={openingExceptionReasonValues}
          labelOf={(reason) => code("opening_exception_reason", reason)}
          onChange={(reason) => reason && onChange({ reason })}
        />
        <DateField
          id={`exception-from-${n}`}
          label={t("hours.first_on")}
          help=""
          value={one.from_on}
          onChange={(day) => day && onChange({ from_on: day, until_on: day > one.until_on ? day : one.until_on })}
        />
        <DateField
          id={`exception-until-${n}`}
          label={t("hours.last_on")}
          help=""
          value={one.until_on}
          error={one.until_on < one.from_on ? t("hours.until_first") : undefined}
          onChange={(day) => day && onChange({ until_on: day })}
        />
      </div>
      <div className={classes.exceptionHours}>
        {one.kind === "closed" && (
          <Checkbox
            label={t("hours.all_day")}
            checked={!hours}
            onChange={(event) => onChange(event.currentTarget.checked ? allDay : MORNING)}
          />
        )}
        {hours && (
          <div className={classes.range}>
            <TextInput
              type="time"
              step={300}
              aria-label={t("hours.exception_from", { number: n + 1 })}
              value={one.from_time?.slice(0, 5)}
              onChange={(event) => onChange({ from_time: event.currentTarget.value })}
            />
            <span aria-hidden>{t("hours.to")}</span>
            <TextInput
              type="time"
              step={300}
              aria-label={t("hours.exception_until", { number: n + 1 })}
              value={one.until_time?.slice(0, 5)}
              onChange={(event) => onChange({ until_time: event.currentTarget.value })}
            />
          </div>
        )}
        <ActionIcon
          variant="subtle"
          size={44}
          className={classes.last}
          aria-label={t("hours.remove_exception", { number: n + 1 })}
          onClick={onRemove}
        >
          <IconTrash size={20} aria-hidden />
        </ActionIcon>
      </div>
    </div>
  );
}
