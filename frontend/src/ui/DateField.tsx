import { TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { parseDay, typedDay } from "../lib/dates";
import classes from "./fields.module.css";

type Props = {
  id: string;
  label: ReactNode;
  help?: string;
  value: string | null | undefined;
  error?: string;
  required?: boolean;
  autoComplete?: string;
  /** `unreadable`: something is typed that is no date (yet), where null alone would say that nothing is. */
  onChange: (value: string | null, unreadable: boolean) => void;
};

/** A date typed as people write it; a calendar to click through is slow for a birth date and hard without a mouse. */
export function DateField({ id, label, help, value, error, required, autoComplete, onChange }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(() => typedDay(value));
  const [left, setLeft] = useState(false);
  const read = parseDay(typed);
  // A day other than the one typed was set by something else since.
  const shown = typed === "" || (read && read !== value) ? typedDay(value) : typed;
  const unreadable = left && shown.trim() !== "" && parseDay(shown) === null;
  return (
    <TextInput
      id={id}
      label={label}
      description={help ?? t("date.help")}
      value={shown}
      error={unreadable ? t("date.unreadable") : error}
      required={required}
      inputMode="numeric"
      autoComplete={autoComplete ?? "off"}
      classNames={{ wrapper: classes.date }}
      onChange={(event) => {
        const given = event.currentTarget.value;
        setTyped(given);
        const day = parseDay(given);
        onChange(day, day === null && given.trim() !== "");
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") setLeft(true);
      }}
      onBlur={() => {
        setLeft(true);
        const day = parseDay(shown);
        if (day) setTyped(typedDay(day));
      }}
    />
  );
}
