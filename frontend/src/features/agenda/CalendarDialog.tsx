import { Checkbox, NumberInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { colleagues, units } from "../../api/partners";
import { appointmentSubjectValues, calendarKindValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { fullName } from "../../lib/names";
import { fieldErrors } from "../../lib/problem";
import { Choice } from "../../ui/Choice";
import { Confirm } from "../../ui/Confirm";
import { Ticks } from "../../ui/Ticks";
import fields from "../../ui/fields.module.css";
import { amendCalendar, type Calendar, type CalendarIn, openCalendar } from "./api";
import { asGiven, isHeld, isOpenable, isPlace, isShared, newCalendar, tidied } from "./calendar-in";
import { useAct } from "./use-act";

type FieldsProps = { typed: CalendarIn; errors: Record<string, string>; onChange: (change: Partial<CalendarIn>) => void };

/** Says what a calendar is; a new one leads to its hours, without which nobody books in it. */
export function CalendarDialog({ shown, onClose }: { shown?: Calendar; onClose: () => void }) {
  const { t } = useTranslation("agenda");
  const code = useCode();
  const navigate = useNavigate();
  const [typed, setTyped] = useState<CalendarIn>(shown ? asGiven(shown) : newCalendar);
  const change = (changed: Partial<CalendarIn>) => setTyped({ ...typed, ...changed });
  const act = useAct(
    async () => {
      if (shown) return amendCalendar(shown, tidied(typed));
      const opened = await openCalendar(tidied(typed));
      await navigate(`/agenda/${opened.id}/horaires`);
    },
    t(shown ? "calendars.amended" : "calendars.opened"),
    onClose,
  );
  const errors = fieldErrors(act.problem);
  const props = { typed, errors, onChange: change };
  return (
    <Confirm
      opened
      title={shown ? t("settings.amend_of", { label: shown.label }) : t("calendars.open")}
      confirm={t(shown ? "settings.save" : "calendars.next")}
      disabled={typed.label.trim().length < 2 || (isOpen(typed) && !typed.subjects?.length)}
      pending={act.isPending}
      problem={act.problem}
      onConfirm={() => act.mutate(undefined)}
      onClose={onClose}
    >
      {!shown && (
        <Choice
          id="kind"
          label={t("calendars.kind")}
          value={typed.kind}
          values={calendarKindValues}
          labelOf={(one) => code("calendar_kind", one)}
          onChange={(kind) => kind && change({ kind })}
        />
      )}
      {isHeld(typed.kind) && <Holder {...props} />}
      <TextInput
        id="label"
        label={t("calendars.label")}
        description={t("calendars.label_help")}
        maxLength={80}
        required
        value={typed.label}
        error={errors.label}
        onChange={(event) => change({ label: event.currentTarget.value })}
      />
      <Place {...props} />
      {isOpenable(typed.kind) && <Partners {...props} />}
    </Confirm>
  );
}

const isOpen = ({ kind, open_to_partners }: CalendarIn) => isOpenable(kind) && open_to_partners;

function Holder({ typed, errors, onChange }: FieldsProps) {
  const { t } = useTranslation("agenda");
  const known = useQuery(units()).data ?? [];
  const team = useQuery(colleagues(typed.unit ?? null)).data?.items ?? [];
  const names = new Map(team.map((one) => [one.id, fullName(one)]));
  return (
    <>
      <Choice
        id="unit"
        label={t("calendars.unit")}
        value={typed.unit ?? undefined}
        values={known.map((one) => one.code)}
        none={t("calendars.no_unit")}
        error={errors.unit}
        labelOf={(unit) => known.find((one) => one.code === unit)!.name}
        onChange={(unit) => onChange({ unit: unit ?? null, account: null })}
      />
      <Choice
        id="account"
        label={t("calendars.account")}
        value={typed.account ?? undefined}
        values={[...names.keys()]}
        none={t("calendars.nobody")}
        error={errors.account}
        labelOf={(id) => names.get(id)!}
        onChange={(account) =>
          onChange({ account: account ?? null, ...(account && !typed.label ? { label: names.get(account) } : {}) })
        }
      />
      {typed.kind === "social_worker" && (
        <TextInput
          id="zone"
          label={t("calendars.zone")}
          description={t("calendars.zone_help")}
          maxLength={20}
          value={typed.zone ?? ""}
          error={errors.zone}
          onChange={(event) => onChange({ zone: event.currentTarget.value })}
        />
      )}
    </>
  );
}

function Place({ typed, errors, onChange }: FieldsProps) {
  const { t } = useTranslation("agenda");
  return (
    <>
      <TextInput
        id="place"
        label={t("calendars.place")}
        description={isHeld(typed.kind) ? undefined : t("calendars.place_help")}
        maxLength={200}
        value={typed.place ?? ""}
        error={errors.place}
        onChange={(event) => onChange({ place: event.currentTarget.value })}
      />
      {isShared(typed.kind) && (
        <NumberInput
          id="capacity"
          label={t("calendars.capacity")}
          description={t("calendars.capacity_help")}
          classNames={{ wrapper: fields.number }}
          min={1}
          max={200}
          allowDecimal={false}
          value={typed.capacity}
          error={errors.capacity}
          onChange={(value) => onChange({ capacity: Number(value) || 1 })}
        />
      )}
      {isPlace(typed.kind) && (
        <Checkbox
          label={t("calendars.accessible")}
          checked={typed.accessible}
          onChange={(event) => onChange({ accessible: event.currentTarget.checked })}
        />
      )}
    </>
  );
}

function Partners({ typed, errors, onChange }: FieldsProps) {
  const { t } = useTranslation("agenda");
  const code = useCode();
  return (
    <>
      <Checkbox
        label={t("partners.let_in")}
        description={t("partners.let_in_help")}
        checked={typed.open_to_partners}
        onChange={(event) => onChange({ open_to_partners: event.currentTarget.checked })}
      />
      {typed.open_to_partners && (
        <Ticks
          id="subjects"
          legend={t("partners.subjects")}
          error={errors.subjects}
          values={appointmentSubjectValues}
          labelOf={(one) => code("appointment_subject", one)}
          chosen={typed.subjects ?? []}
          onChange={(subjects) => onChange({ subjects })}
        />
      )}
    </>
  );
}
