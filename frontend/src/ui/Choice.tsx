import { NativeSelect } from "@mantine/core";

type Props<T extends string> = {
  id: string;
  label: string;
  value: T | undefined;
  values: readonly T[];
  none?: string;
  error?: string;
  help?: string;
  required?: boolean;
  labelOf: (value: T) => string;
  onChange: (value: T | undefined) => void;
};

/** One of a closed list: the browser's own select, which every phone and screen reader knows. */
export function Choice<T extends string>(props: Props<T>) {
  const { id, label, value, values, none, error, help, required, labelOf, onChange } = props;
  return (
    <NativeSelect
      id={id}
      label={label}
      value={value ?? ""}
      error={error}
      description={help}
      required={required}
      onChange={(event) => onChange(values.find((one) => one === event.currentTarget.value))}
      data={[
        ...(none !== undefined ? [{ value: "", label: none }] : []),
        ...values.map((one) => ({ value: one, label: labelOf(one) })),
      ]}
    />
  );
}
