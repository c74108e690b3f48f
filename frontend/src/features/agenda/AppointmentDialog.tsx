import { Button, Checkbox, Group, Modal, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../../api/client";
import { cancelReasonValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { todayIso } from "../../lib/dates";
import { formatWeekday, zoned } from "../../lib/zoned";
import { AppointmentTag } from "../../ui/AppointmentTag";
import { Confirm } from "../../ui/Confirm";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { SlotPicker } from "../../ui/SlotPicker";
import { OneOf } from "../../ui/Ticks";
import { Waiting } from "../../ui/Waiting";
import classes from "./Agenda.module.css";
import { type Appointment, cancel, move, outcomes, slots } from "./api";
import { useAct } from "./use-act";
import { useTitles } from "./use-titles";

type Props = { shown: Appointment; zone: string; onClose: () => void };

/** One appointment: what it is, and what can be done about it now. */
export function AppointmentDialog({ shown, zone, onClose }: Props) {
  const { t } = useTranslation("agenda");
  const code = useCode();
  const [asked, setAsked] = useState<"move" | "cancel" | null>(null);
  const { who, what } = useTitles([shown])(shown);
  const mark = useAct((verb: keyof typeof outcomes) => outcomes[verb](shown), t("mark.done"), onClose);
  const { dayOf, timeOf } = zoned(zone);
  const when = t("when", {
    day: formatWeekday(dayOf(shown.starts_at)),
    from: timeOf(shown.starts_at),
    until: timeOf(shown.ends_at),
  });
  if (asked === "move") return <Move shown={shown} zone={zone} when={when} onClose={onClose} />;
  if (asked === "cancel") return <Cancel shown={shown} when={when} onClose={onClose} />;
  const verbs = { seen: "see", excused: "excuse", no_show: "miss" } as const;
  return (
    <Modal opened onClose={onClose} title={who} size="lg" closeButtonProps={{ "aria-label": t("close") }}>
      <Stack gap="md">
        <ProblemSummary problem={mark.problem} />
        <dl className={classes.facts}>
          <dt>{t("facts.when")}</dt>
          <dd>{when}</dd>
          {what && (
            <>
              <dt>{t("facts.what")}</dt>
              <dd>{what}</dd>
            </>
          )}
          {shown.subject && (
            <>
              <dt>{t("facts.subject")}</dt>
              <dd>{code("appointment_subject", shown.subject)}</dd>
            </>
          )}
          <dt>{t("facts.mode")}</dt>
          <dd>{code("appointment_mode", shown.mode)}</dd>
          {(shown.interpreter || shown.accessibility) && (
            <>
              <dt>{t("facts.needs")}</dt>
              <dd>
                {[shown.interpreter && t("facts.interpreter"), shown.accessibility && t("facts.accessibility")]
                  .filter(Boolean)
                  .join(", ")}
              </dd>
            </>
          )}
          <dt>{t("facts.by")}</dt>
          <dd>{code("booking_side", shown.side)}</dd>
          {shown.rental && (
            <>
              <dt>{t("facts.contract")}</dt>
              <dd>
                {t("facts.rental", {
                  reference: shown.rental.contract_reference,
                  amount: (shown.rental.amount_cents / 100).toLocaleString("fr-FR", { style: "currency", currency: "EUR" }),
                })}
              </dd>
            </>
          )}
          <dt>{t("facts.state")}</dt>
          <dd>
            <AppointmentTag state={shown.state} />
          </dd>
        </dl>
        <Group gap="xs" justify="flex-end">
          {shown.abilities.move && (
            <Button variant="default" onClick={() => setAsked("move")}>
              {t("move.act")}
            </Button>
          )}
          {shown.abilities.cancel && (
            <Button variant="default" onClick={() => setAsked("cancel")}>
              {t("cancel.act")}
            </Button>
          )}
          {shown.abilities.mark &&
            (["seen", "excused", "no_show"] as const)
              .filter((state) => state !== shown.state)
              .map((state) => (
                <Button
                  key={state}
                  variant={state === "seen" ? "filled" : "default"}
                  loading={mark.isPending}
                  onClick={() => mark.mutate(verbs[state])}
                >
                  {t(`mark.${state}`)}
                </Button>
              ))}
        </Group>
      </Stack>
    </Modal>
  );
}

function Move({ shown, zone, when, onClose }: Props & { when: string }) {
  const { t } = useTranslation("agenda");
  const [fromOn, setFromOn] = useState(todayIso());
  const [startsAt, setStartsAt] = useState<string | null>(null);
  const free = useQuery({
    ...slots({
      calendar_id: shown.calendar_id,
      kind_id: shown.kind_id ?? "",
      from_on: fromOn,
      interpreter: shown.interpreter,
      accessibility: shown.accessibility,
    }),
    enabled: shown.kind_id !== null,
  });
  const act = useAct((to: string) => move(shown, to), t("move.done"), onClose);
  return (
    <Confirm
      opened
      title={t("move.title")}
      confirm={t("move.act")}
      disabled={startsAt === null}
      pending={act.isPending}
      problem={act.problem}
      onConfirm={() => startsAt && act.mutate(startsAt)}
      onClose={onClose}
    >
      <p>{t("move.detail", { when })}</p>
      {shown.kind_id === null && <p>{t("move.resource")}</p>}
      {free.isLoading && <Waiting rows={3} />}
      {free.isError && <ProblemScreen error={free.error} retry={() => void free.refetch()} />}
      {free.data && (
        <SlotPicker slots={free.data} zone={zone} chosen={startsAt} onChoose={setStartsAt} onFurther={setFromOn} />
      )}
    </Confirm>
  );
}

function Cancel({ shown, when, onClose }: { shown: Appointment; when: string; onClose: () => void }) {
  const { t } = useTranslation("agenda");
  const code = useCode();
  const [reason, setReason] = useState<Schemas["CancelReason"] | null>(null);
  const [forPerson, setForPerson] = useState(false);
  const act = useAct(
    (why: Schemas["CancelReason"]) => cancel(shown, { reason: why, for_person: forPerson }),
    t("cancel.done"),
    onClose,
  );
  return (
    <Confirm
      opened
      title={t("cancel.title")}
      confirm={t("cancel.confirm")}
      danger
      disabled={reason === null}
      pending={act.isPending}
      problem={act.problem}
      onConfirm={() => reason && act.mutate(reason)}
      onClose={onClose}
    >
      <p>{t("cancel.detail", { when })}</p>
      <OneOf
        id="reason"
        legend={t("cancel.reason")}
        values={cancelReasonValues}
        labelOf={(one) => code("cancel_reason", one)}
        chosen={reason}
        onChange={setReason}
      />
      {shown.person_id && (
        <Checkbox
          label={t("cancel.for_person")}
          checked={forPerson}
          onChange={(event) => setForPerson(event.currentTarget.checked)}
        />
      )}
    </Confirm>
  );
}
