import { Button, Group, Modal, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Fragment, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { useCode } from "../../i18n/use-code";
import { formatWeekday, zoned } from "../../lib/zoned";
import { AppointmentTag } from "../../ui/AppointmentTag";
import { NeedsNotice } from "../../ui/person/PersonNeeds";
import { ProblemSummary } from "../../ui/ProblemSummary";
import classes from "./Agenda.module.css";
import { type Appointment, outcomes, personNeeds } from "./api";
import { CancelDialog } from "./CancelDialog";
import { MoveDialog } from "./MoveDialog";
import { NeedsDialog } from "./NeedsDialog";
import { useAct } from "./use-act";
import { formatEuros, useTitles } from "./use-titles";

type Props = { shown: Appointment; zone: string; onClose: () => void };

const marks = { seen: "see", excused: "excuse", no_show: "miss" } as const;

/** One appointment: what it is, and what can be done about it now. */
export function AppointmentDialog({ shown, zone, onClose }: Props) {
  const { t } = useTranslation("agenda");
  const [asked, setAsked] = useState<"move" | "needs" | "cancel" | null>(null);
  const { who } = useTitles([shown])(shown);
  const mark = useAct((verb: keyof typeof outcomes) => outcomes[verb](shown), t("mark.done"), onClose);
  const known = useQuery({ ...personNeeds(shown.person_id ?? ""), enabled: shown.person_id !== null }).data;
  const { dayOf, timeOf } = zoned(zone);
  const when = t("when", {
    day: formatWeekday(dayOf(shown.starts_at)),
    from: timeOf(shown.starts_at),
    until: timeOf(shown.ends_at),
  });
  if (asked === "move") return <MoveDialog shown={shown} zone={zone} when={when} onClose={onClose} />;
  if (asked === "needs") return <NeedsDialog shown={shown} when={when} onClose={onClose} />;
  if (asked === "cancel") return <CancelDialog shown={shown} when={when} onClose={onClose} />;
  const { move, cancel, mark: marked } = shown.abilities;
  return (
    <Modal opened onClose={onClose} title={who} size="lg" closeButtonProps={{ "aria-label": t("close") }}>
      <Stack gap="md">
        <ProblemSummary problem={mark.problem} />
        {known && <NeedsNotice known={known} />}
        <Facts shown={shown} when={when} />
        {marked && (
          <div role="group" aria-label={t("mark.legend")} className={classes.marks}>
            <p>{t("mark.legend")}</p>
            <Group gap="xs">
              {(Object.keys(marks) as (keyof typeof marks)[])
                .filter((state) => state !== shown.state)
                .map((state) => (
                  <Button
                    key={state}
                    variant={state === "seen" ? "filled" : "default"}
                    loading={mark.isPending}
                    onClick={() => mark.mutate(marks[state])}
                  >
                    {t(`mark.${state}`)}
                  </Button>
                ))}
            </Group>
          </div>
        )}
        <Group gap="xs" justify="flex-end">
          {move && shown.person_id && (
            <Button variant="default" onClick={() => setAsked("needs")}>
              {t("needs.act")}
            </Button>
          )}
          {move && (
            <Button variant="default" onClick={() => setAsked("move")}>
              {t("move.act")}
            </Button>
          )}
          {cancel && (
            <Button variant="default" onClick={() => setAsked("cancel")}>
              {t(shown.person_id ? "cancel.title" : "cancel.title_resource")}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function Facts({ shown, when }: { shown: Appointment; when: string }) {
  const { t } = useTranslation("agenda");
  const code = useCode();
  const { what, needs } = useTitles([shown])(shown);
  const { rental } = shown;
  const facts: [string, ReactNode][] = [
    ["when", when],
    ["what", what],
    ["subject", shown.subject && code("appointment_subject", shown.subject)],
    ["mode", shown.person_id && code("appointment_mode", shown.mode)],
    ["needs", shown.person_id && (needs.join(", ") || t("facts.no_needs"))],
    ["contract", rental?.contract_reference],
    ["amount", rental && formatEuros(rental.amount_cents)],
    ["by", code("booking_side", shown.side)],
    ["state", <AppointmentTag key="state" state={shown.state} />],
  ];
  return (
    <dl className={classes.facts}>
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== "")
        .map(([name, value]) => (
          <Fragment key={name}>
            <dt>{t(`facts.${name}` as never)}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
    </dl>
  );
}
