import { Checkbox, NumberInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { useCode } from "../../i18n/use-code";
import { formatDay } from "../../lib/dates";
import { Choice } from "../../ui/Choice";
import { DateField } from "../../ui/DateField";
import widths from "../../ui/fields.module.css";
import type { Field, PlainKind } from "../../ui/forms/fields";
import { useFieldName } from "../../ui/forms/use-words";
import { OneOf, Ticks } from "../../ui/Ticks";
import { sentRequests } from "./api";
import { useDraft } from "./draft-context";
import { NoteField } from "./NoteField";

type Props = {
  kind: PlainKind;
  field: Field;
  value: unknown;
  error: string | undefined;
  onChange: (value: unknown) => void;
};

/** One field of the table of fields, by its type. */
export function FieldInput({ kind, field, value, error, onChange }: Props) {
  const { t } = useTranslation("forms");
  const { t: common, i18n } = useTranslation();
  const code = useCode();
  const called = useFieldName()(kind, field.name);
  const label = field.optional && field.type !== "tick" ? `${called} (${common("optional")})` : called;
  const helpKey = `${kind}.${field.name}.help`;
  const help = i18n.exists(helpKey, { ns: "forms" }) ? t(helpKey as never) : undefined;
  const id = field.name;
  switch (field.type) {
    case "choice":
      return (
        <OneOf
          id={id}
          legend={label}
          help={help}
          error={error}
          values={field.values}
          labelOf={(one) => code(field.list, one)}
          chosen={value as string | null}
          onChange={onChange}
        />
      );
    case "several":
      return (
        <Ticks
          id={id}
          legend={label}
          help={help}
          error={error}
          values={field.values}
          labelOf={(one) => code(field.list, one)}
          chosen={value as string[]}
          onChange={onChange}
        />
      );
    case "select":
      return (
        <Choice
          id={id}
          label={label}
          help={help}
          error={error}
          value={(value as string | null) ?? undefined}
          values={field.values}
          none={t("choose")}
          labelOf={(one) => code(field.list, one)}
          onChange={(one) => onChange(one ?? null)}
        />
      );
    case "yes_no":
      return (
        <OneOf
          id={id}
          legend={label}
          help={help}
          error={error}
          values={["yes", "no"] as const}
          labelOf={(one) => t(one)}
          chosen={value === null ? null : value ? "yes" : "no"}
          onChange={(one) => onChange(one === "yes")}
        />
      );
    case "tick":
      return (
        <Checkbox
          id={id}
          label={label}
          description={help}
          error={error}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "date":
      return (
        <DateField
          id={id}
          label={label}
          help={help}
          error={error}
          value={value as string | null}
          onChange={(day) => day !== value && onChange(day)}
        />
      );
    case "count":
      return (
        <NumberInput
          id={id}
          label={label}
          description={help}
          error={error}
          min={field.min}
          max={field.max}
          clampBehavior="strict"
          allowDecimal={false}
          hideControls
          classNames={{ wrapper: widths.number }}
          value={(value as number | null) ?? ""}
          onChange={(typed) => onChange(typeof typed === "number" ? typed : null)}
        />
      );
    case "request":
      return <EarlierRequest label={label} help={help} value={value as string | null} error={error} onChange={onChange} />;
    case "line":
      return (
        <TextInput
          id={id}
          label={label}
          description={help}
          error={error}
          maxLength={120}
          value={(value as string | null) ?? ""}
          onChange={(event) => onChange(event.currentTarget.value || null)}
        />
      );
    case "note":
      return (
        <NoteField id={id} label={label} help={help ?? ""} value={value as string | null} error={error} onChange={onChange} />
      );
  }
}

type EarlierProps = {
  label: string;
  help: string | undefined;
  value: string | null;
  error: string | undefined;
  onChange: (id: string | null) => void;
};

/** Which of the structure's requests about the same person; nothing to choose, nothing asked. */
function EarlierRequest({ label, help, value, error, onChange }: EarlierProps) {
  const { t } = useTranslation("request-form");
  const code = useCode();
  const { request } = useDraft();
  const sent = useQuery(sentRequests());
  const own = (sent.data?.items ?? []).filter(
    (one) => one.number !== null && one.id !== request.id && one.person?.id === request.person?.id,
  );
  if (own.length === 0) return null;
  const names = new Map(
    own.map((one) => [
      one.id,
      t("request.one", {
        number: one.number,
        kind: code("request_kind_short", one.kind),
        date: formatDay(one.submitted_at ?? one.created_at),
      }),
    ]),
  );
  return (
    <Choice
      id="about"
      label={label}
      help={help}
      error={error}
      value={value ?? undefined}
      values={own.map((one) => one.id)}
      none={t("request.none")}
      labelOf={(id) => names.get(id) ?? id}
      onChange={(id) => onChange(id ?? null)}
    />
  );
}
