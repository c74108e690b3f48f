import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { AnyForm, MisasForm, RequestKind } from "../api/forms";
import { useCode } from "../i18n/use-code";
import { formatDay } from "../lib/dates";
import { formatPhone } from "../lib/names";
import { fieldsOf, isPlain, type PlainForm, valueOf } from "./forms/fields";
import { useFieldName, useFieldWords } from "./forms/use-words";
import classes from "./FormView.module.css";

type Props = { form: AnyForm; part: "situation" | "agreement" };

/** What a request says, read-only: what is asked, or how the person was told and may be called. */
export function FormView({ form, part }: Props) {
  return (
    <dl className={classes.lines}>
      {part === "agreement" && <Agreement form={form} />}
      {part === "situation" && (isPlain(form) ? <Fields form={form} /> : <Situation form={form} />)}
    </dl>
  );
}

function Fields({ form }: { form: PlainForm }) {
  const name = useFieldName();
  const words = useFieldWords();
  const lines = fieldsOf(form).map((field) => ({ field, values: words(field, valueOf(form, field.name)) }));
  // What may be left out and was says nothing: a page of « Non renseigné » hides what was said.
  return lines
    .filter(({ field, values }) => values.length > 0 || !field.optional)
    .filter(({ field }) => field.type !== "tick" || valueOf(form, field.name) === true)
    .map(({ field, values }) => <Line key={field.name} name={name(form.kind, field.name)} values={values} />);
}

function Situation({ form }: { form: MisasForm }) {
  const { t } = useTranslation();
  const code = useCode();
  const cares = form.renounced_care.map((care) => {
    const name = care.detail ?? (care.care_type ? code("care_type", care.care_type) : "");
    const reasons = care.reasons.map((reason) => code("renunciation_reason", reason).toLocaleLowerCase("fr"));
    return `${name} : ${reasons.join(", ") || t("form.no_reason")}`;
  });
  return (
    <>
      <Line name={t("form.scopes")} values={form.scopes.map((one) => code("referral_scope", one))} />
      {cares.length > 0 && <Line name={t("form.renounced_care")} values={cares} />}
      <Line name={t("form.motives")} values={form.motives.map((one) => code("referral_motive", one))} />
      <Line name={t("form.situation_note")} values={[form.situation_note]} />
      <Line name={t("form.detector_note")} values={[form.detector_note]} />
    </>
  );
}

const calls = new Set<RequestKind>(["misas_referral", "ss_referral"]);

function Agreement({ form }: { form: AnyForm }) {
  const { t } = useTranslation();
  const code = useCode();
  const { informed_on, channel, agrees_to_be_called } = form.informed;
  const agrees = agrees_to_be_called === null ? null : t(agrees_to_be_called ? "form.yes" : "form.no");
  const isCalled = calls.has(form.kind);
  return (
    <>
      <Line name={t("form.informed_on")} values={[informed_on && formatDay(informed_on)]} />
      <Line name={t("form.channel")} values={[channel && code("agreement_channel", channel)]} />
      <Line name={t(isCalled ? "form.agrees" : "form.agrees_to_send")} values={[agrees]} />
      {(isCalled || form.phone) && <Line name={t("form.phone")} values={[form.phone && formatPhone(form.phone)]} />}
      {(isCalled || form.best_time) && <Line name={t("form.best_time")} values={[form.best_time]} />}
    </>
  );
}

function Line({ name, values }: { name: string; values: (string | null | undefined)[] }): ReactNode {
  const { t } = useTranslation();
  const present = values.filter(Boolean);
  return (
    <div>
      <dt>{name}</dt>
      {present.length === 0 && <dd className={classes.absent}>{t("form.nothing")}</dd>}
      {present.map((value) => (
        <dd key={value}>{value}</dd>
      ))}
    </div>
  );
}
