import { Button, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { agreementChannelValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { todayIso } from "../../lib/dates";
import type { AnyForm } from "../../api/forms";
import { formatPhone } from "../../lib/names";
import { DateField } from "../../ui/DateField";
import widths from "../../ui/fields.module.css";
import { valueOf } from "../../ui/forms/fields";
import { Notice } from "../../ui/Notice";
import { OneOf } from "../../ui/Ticks";
import { person } from "./api";
import { useDraft } from "./draft-context";
import { needsPhone, voiceOf } from "./kinds";
import classes from "./RequestForm.module.css";
import { StatementBox } from "./StatementBox";
import { StepFrame } from "./StepFrame";
import { pathOf } from "./steps";

export default function AgreementPage() {
  const { t } = useTranslation("request-form");
  const { request, form } = useDraft();
  const voice = voiceOf(form.kind);
  return (
    <StepFrame
      step="agreement"
      title={t("agreement.title")}
      back={pathOf(request.id, "situation")}
      next="documents"
      fields={{
        "informed.informed_on": t("agreement.informed_on"),
        "informed.channel": t("agreement.channel"),
        "informed.agrees_to_be_called": t(`agreement.agrees_of.${voice}`),
        "informed.statement_version": t("agreement.statement"),
        phone: t(`agreement.phone_of.${voice}`),
        best_time: t("fields.best_time"),
      }}
    >
      {(errors) => (
        <>
          <StatementBox />
          <Told errors={errors} />
          <Call errors={errors} />
        </>
      )}
    </StepFrame>
  );
}

function Told({ errors }: { errors: Record<string, string> }) {
  const { t } = useTranslation("request-form");
  const code = useCode();
  const { form, change } = useDraft();
  const { informed } = form;
  const tell = (patch: Partial<AnyForm["informed"]>) => change({ informed: { ...informed, ...patch } });
  const agrees = informed.agrees_to_be_called;
  const voice = voiceOf(form.kind);
  return (
    <Stack gap="lg">
      <div>
        <DateField
          key={informed.informed_on}
          id="informed.informed_on"
          label={t("agreement.informed_on")}
          value={informed.informed_on}
          error={errors["informed.informed_on"]}
          onChange={(informed_on) => informed_on !== informed.informed_on && tell({ informed_on })}
        />
        {informed.informed_on !== todayIso() && (
          <Button variant="subtle" size="sm" mt={4} onClick={() => tell({ informed_on: todayIso() })}>
            {t("agreement.today")}
          </Button>
        )}
      </div>
      <OneOf
        id="informed.channel"
        legend={t("agreement.channel")}
        error={errors["informed.channel"]}
        values={agreementChannelValues}
        labelOf={(one) => code("agreement_channel", one)}
        chosen={informed.channel}
        onChange={(channel) => tell({ channel })}
      />
      <OneOf
        id="informed.agrees_to_be_called"
        legend={t(`agreement.agrees_of.${voice}`)}
        error={errors["informed.agrees_to_be_called"]}
        values={["yes", "no"]}
        labelOf={(one) => t(`agreement.${one}`)}
        chosen={agrees === null ? null : agrees ? "yes" : "no"}
        onChange={(one) => tell({ agrees_to_be_called: one === "yes" })}
      />
      {agrees === false && (
        <Notice tone="turn" title={t("agreement.refuses_title")}>
          <p>{t(`agreement.refuses_of.${voice}`)}</p>
        </Notice>
      )}
    </Stack>
  );
}

function Call({ errors }: { errors: Record<string, string> }) {
  const { t } = useTranslation("request-form");
  const { t: common } = useTranslation();
  const { form, change, request } = useDraft();
  const voice = voiceOf(form.kind);
  const label = t(`agreement.phone_of.${voice}`);
  const isNeeded = needsPhone(form.kind, valueOf(form, "reply"));
  const known = useQuery({ ...person(request.person?.id ?? ""), enabled: request.person !== null });
  const recorded = known.data?.contact.phone;
  return (
    <Stack gap="lg" className={classes.section}>
      <div>
        <TextInput
          id="phone"
          label={isNeeded ? label : `${label} (${common("optional")})`}
          description={t(`agreement.phone_help_of.${voice}`)}
          type="tel"
          autoComplete="off"
          classNames={{ wrapper: widths.phone }}
          value={form.phone ?? ""}
          error={errors.phone}
          onChange={(event) => change({ phone: event.currentTarget.value || null })}
        />
        {recorded && recorded !== form.phone && (
          <Button variant="subtle" size="sm" mt={4} onClick={() => change({ phone: recorded })}>
            {t("agreement.use_recorded", { phone: formatPhone(recorded) })}
          </Button>
        )}
      </div>
      <TextInput
        id="best_time"
        label={t("fields.best_time")}
        description={t("agreement.best_time_help")}
        value={form.best_time ?? ""}
        error={errors.best_time}
        maxLength={120}
        onChange={(event) => change({ best_time: event.currentTarget.value || null })}
      />
    </Stack>
  );
}
