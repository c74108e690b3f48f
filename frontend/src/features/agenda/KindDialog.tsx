import { Checkbox, NumberInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { appointmentModeValues, calendarKindValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { fieldErrors } from "../../lib/problem";
import { Confirm } from "../../ui/Confirm";
import { OneOf, Ticks } from "../../ui/Ticks";
import classes from "./Agenda.module.css";
import { amendKind, isResource, type Kind, type KindIn, offerKind } from "./api";
import { useAct } from "./use-act";

const newKind: KindIn = {
  label: "",
  mode: "office",
  calendars: [],
  minutes: 30,
  interpreter_minutes: 15,
  accessibility_minutes: 15,
  notice_hours: 48,
  horizon_days: 60,
  open_to_partners: false,
  active: true,
};

/** Rooms and equipment are booked for an activity, of any length: nothing is offered in them. */
const calendarKinds = calendarKindValues.filter((kind) => !isResource({ kind }));

type Numbers = "minutes" | "interpreter_minutes" | "accessibility_minutes" | "notice_hours" | "horizon_days";

/** An offer as it would be said anew. */
export function asOffered(shown: Kind): KindIn {
  const given: KindIn & Partial<Kind> = { ...shown };
  delete given.id;
  delete given.version;
  return given;
}

/** Says what is offered; appointments already taken keep their length. */
export function KindDialog({ shown, onClose }: { shown?: Kind; onClose: () => void }) {
  const { t } = useTranslation("agenda");
  const code = useCode();
  const [typed, setTyped] = useState<KindIn>(shown ? asOffered(shown) : newKind);
  const change = (changed: Partial<KindIn>) => setTyped({ ...typed, ...changed });
  const given = { ...typed, label: typed.label.trim() };
  const act = useAct(
    () => (shown ? amendKind(shown, given) : offerKind(given)),
    t(shown ? "kinds.amended" : "kinds.offered"),
    onClose,
  );
  const errors = fieldErrors(act.problem);
  const number = (name: Numbers, min: number, max: number, step: number) => (
    <NumberInput
      id={name}
      label={t(`kinds.${name}`)}
      min={min}
      max={max}
      step={step}
      allowDecimal={false}
      value={typed[name]}
      error={errors[name]}
      onChange={(value) => change({ [name]: Number(value) })}
    />
  );
  return (
    <Confirm
      opened
      title={shown ? t("settings.amend_of", { label: shown.label }) : t("kinds.offer")}
      confirm={t(shown ? "settings.save" : "kinds.confirm")}
      disabled={given.label.length < 2 || typed.calendars.length === 0}
      pending={act.isPending}
      problem={act.problem}
      onConfirm={() => act.mutate(undefined)}
      onClose={onClose}
    >
      <TextInput
        id="label"
        label={t("kinds.label")}
        description={t("kinds.label_help")}
        maxLength={80}
        required
        value={typed.label}
        error={errors.label}
        onChange={(event) => change({ label: event.currentTarget.value })}
      />
      <OneOf
        id="mode"
        legend={t("kinds.mode")}
        values={appointmentModeValues}
        labelOf={(one) => code("appointment_mode", one)}
        chosen={typed.mode}
        onChange={(mode) => change({ mode })}
      />
      <Ticks
        id="calendars"
        legend={t("kinds.calendars")}
        values={calendarKinds}
        labelOf={(one) => code("calendar_kind", one)}
        chosen={typed.calendars}
        onChange={(calendars) => change({ calendars })}
      />
      <div className={classes.numbers}>
        {number("minutes", 5, 480, 5)}
        {number("interpreter_minutes", 0, 240, 5)}
        {number("accessibility_minutes", 0, 240, 5)}
      </div>
      <Checkbox
        label={t("kinds.let_in")}
        description={t("kinds.let_in_help")}
        checked={typed.open_to_partners}
        onChange={(event) => change({ open_to_partners: event.currentTarget.checked })}
      />
      {typed.open_to_partners && (
        <div className={classes.numbers}>
          {number("notice_hours", 0, 720, 24)}
          {number("horizon_days", 1, 365, 30)}
        </div>
      )}
    </Confirm>
  );
}
