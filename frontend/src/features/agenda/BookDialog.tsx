import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../../api/client";
import { appointmentSubjectValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { todayIso } from "../../lib/dates";
import { Choice } from "../../ui/Choice";
import { Confirm } from "../../ui/Confirm";
import { lengthOf, type Needs, NeedsFields, noNeeds } from "../../ui/NeedsFields";
import { bookedFrom } from "../../ui/person/access";
import { NeedsNotice } from "../../ui/person/PersonNeeds";
import { PersonPicker } from "../../ui/PersonPicker";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { SlotPicker } from "../../ui/SlotPicker";
import { Waiting } from "../../ui/Waiting";
import { type Calendar, book, kinds, personNeeds, searchPersons, slots } from "./api";
import { useAct } from "./use-act";

type Props = { calendar: Calendar; zone: string; from: string; onClose: () => void };

/** Books for a person: who first, then what and when. */
export function BookDialog({ calendar, zone, from, onClose }: Props) {
  const { t } = useTranslation("agenda");
  const code = useCode();
  const [person, setPerson] = useState<Schemas["PersonCard"] | null>(null);
  const [kindId, setKindId] = useState<string>();
  const [subject, setSubject] = useState<Schemas["AppointmentSubject"]>();
  const known = useQuery({ ...personNeeds(person?.id ?? ""), enabled: person !== null }).data;
  const [changedNeeds, setNeeds] = useState<Needs | null>(null);
  const needs = changedNeeds ?? (known ? bookedFrom(known) : noNeeds);
  const [fromOn, setFromOn] = useState(from > todayIso() ? from : todayIso());
  const [startsAt, setStartsAt] = useState<string | null>(null);
  const offered = (useQuery(kinds()).data?.items ?? []).filter(
    (one) => one.active && one.calendars.includes(calendar.kind),
  );
  const kind = offered.find((one) => one.id === kindId) ?? (offered.length === 1 ? offered[0] : undefined);
  const free = useQuery({
    ...slots({ calendar_id: calendar.id, kind_id: kind?.id ?? "", from_on: fromOn, ...lengthOf(needs) }),
    enabled: kind !== undefined,
  });
  const act = useAct(book, t("book.done"), onClose);
  if (!person) {
    return (
      <Modal opened onClose={onClose} title={t("book.who")} size="lg" closeButtonProps={{ "aria-label": t("close") }}>
        <PersonPicker search={searchPersons} onChoose={setPerson} />
      </Modal>
    );
  }
  return (
    <Confirm
      opened
      title={t("book.for", { name: person.display_name, calendar: calendar.label })}
      confirm={t("book.confirm")}
      disabled={!kind || !subject || !startsAt}
      pending={act.isPending}
      problem={act.problem}
      onConfirm={() =>
        kind &&
        subject &&
        startsAt &&
        act.mutate({
          calendar_id: calendar.id,
          kind_id: kind.id,
          starts_at: startsAt,
          person_id: person.id,
          subject,
          ...needs,
        })
      }
      onClose={onClose}
    >
      {known && <NeedsNotice known={known} />}
      <Choice
        id="kind"
        label={t("book.kind")}
        value={kind?.id}
        values={offered.map((one) => one.id)}
        none={t("book.choose")}
        labelOf={(id) => {
          const one = offered.find((each) => each.id === id)!;
          return t("book.offer", { label: one.label, minutes: one.minutes });
        }}
        onChange={(id) => {
          setKindId(id);
          setStartsAt(null);
        }}
      />
      <Choice
        id="subject"
        label={t("book.subject")}
        value={subject}
        values={appointmentSubjectValues}
        none={t("book.choose")}
        labelOf={(one) => code("appointment_subject", one)}
        onChange={setSubject}
      />
      <NeedsFields
        needs={needs}
        adds={kind}
        onChange={(changed) => {
          setNeeds(changed);
          setStartsAt(null);
        }}
      />
      {free.isLoading && <Waiting rows={3} />}
      {free.isError && <ProblemScreen error={free.error} retry={() => void free.refetch()} />}
      {free.data && (
        <SlotPicker slots={free.data} zone={zone} chosen={startsAt} onChoose={setStartsAt} onFurther={setFromOn} />
      )}
    </Confirm>
  );
}
