import { Checkbox, Radio, Stack } from "@mantine/core";
import { type ReactNode, useId } from "react";

import classes from "./Ticks.module.css";

type Common<T extends string> = {
  id: string;
  legend: ReactNode;
  help?: ReactNode;
  error?: string;
  values: readonly T[];
  labelOf: (value: T) => string;
};

/** Several of a closed list. */
export function Ticks<T extends string>({
  id,
  legend,
  help,
  error,
  values,
  labelOf,
  chosen,
  onChange,
}: Common<T> & { chosen: readonly T[]; onChange: (chosen: T[]) => void }) {
  return (
    <Group id={id} legend={legend} help={help} error={error}>
      {values.map((value) => (
        <Checkbox
          key={value}
          label={labelOf(value)}
          checked={chosen.includes(value)}
          onChange={(event) =>
            onChange(
              event.currentTarget.checked
                ? values.filter((one) => one === value || chosen.includes(one))
                : chosen.filter((one) => one !== value),
            )
          }
        />
      ))}
    </Group>
  );
}

/** One of a closed list, all in sight. */
export function OneOf<T extends string>({
  id,
  legend,
  help,
  error,
  values,
  labelOf,
  chosen,
  onChange,
}: Common<T> & { chosen: T | null | undefined; onChange: (chosen: T) => void }) {
  const name = useId();
  return (
    <Group id={id} legend={legend} help={help} error={error} role="radiogroup">
      {values.map((value) => (
        <Radio
          key={value}
          name={name}
          label={labelOf(value)}
          checked={chosen === value}
          onChange={() => onChange(value)}
        />
      ))}
    </Group>
  );
}

type GroupProps = { id: string; legend: ReactNode; help?: ReactNode; error?: string; role?: "radiogroup"; children: ReactNode };

function Group({ id, legend, help, error, role, children }: GroupProps) {
  const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <fieldset id={id} tabIndex={-1} role={role} className={classes.group} aria-describedby={described || undefined}>
      <legend className={classes.legend}>{legend}</legend>
      {help && (
        <p id={`${id}-help`} className={classes.help}>
          {help}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className={classes.error}>
          {error}
        </p>
      )}
      <Stack gap={12} mt={8}>
        {children}
      </Stack>
    </fieldset>
  );
}
