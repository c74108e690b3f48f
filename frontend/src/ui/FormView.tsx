import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";
import { useCode } from "../i18n/use-code";
import { formatDay } from "../lib/dates";
import { formatPhone } from "../lib/names";
import classes from "./FormView.module.css";

type Form = Schemas["MisasFormOut"];

/** What a MisAS referral says, read-only: the situation, or how the person was told and may be called. */
export function FormView({ form, part }: { form: Form; part: "situation" | "agreement" }) {
  return <dl className={classes.lines}>{part === "situation" ? <Situation form={form} /> : <Agreement form={form} />}</dl>;
}

function Situation({ form }: { form: Form }) {
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

function Agreement({ form }: { form: Form }) {
  const { t } = useTranslation();
  const code = useCode();
  const { informed_on, channel, agrees_to_be_called } = form.informed;
  const agrees = agrees_to_be_called === null ? null : t(agrees_to_be_called ? "form.yes" : "form.no");
  return (
    <>
      <Line name={t("form.informed_on")} values={[informed_on && formatDay(informed_on)]} />
      <Line name={t("form.channel")} values={[channel && code("agreement_channel", channel)]} />
      <Line name={t("form.agrees")} values={[agrees]} />
      <Line name={t("form.phone")} values={[form.phone && formatPhone(form.phone)]} />
      <Line name={t("form.best_time")} values={[form.best_time]} />
    </>
  );
}

function Line({ name, values }: { name: string; values: (string | null | undefined)[] }) {
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
