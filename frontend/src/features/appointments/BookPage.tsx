import { Button, Checkbox, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import type { Schemas } from "../../api/client";
import { useCode } from "../../i18n/use-code";
import { todayIso } from "../../lib/dates";
import { asProblem, slugOf } from "../../lib/problem";
import { formatWeekday, zoned } from "../../lib/zoned";
import { announce } from "../../ui/Announcer";
import { EmptyState } from "../../ui/EmptyState";
import { lengthOf, type Needs, NeedsFields, noNeeds } from "../../ui/NeedsFields";
import { PageTitle } from "../../ui/PageTitle";
import { Panel } from "../../ui/Panel";
import { bookedFrom } from "../../ui/person/access";
import { PersonPicker } from "../../ui/PersonPicker";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { SlotPicker } from "../../ui/SlotPicker";
import { OneOf } from "../../ui/Ticks";
import { Waiting } from "../../ui/Waiting";
import { type Offers, book, offers, person as personOf, refreshAppointments, searchPersons, slots } from "./api";
import classes from "./Appointments.module.css";

/** Takes an appointment for a person of the structure: who, about what, where, with which needs, when. */
export default function BookPage() {
  const { t } = useTranslation("appointments");
  const found = useQuery(offers());
  return (
    <div className={classes.column}>
      <PageTitle below={t("book.intro")}>{t("book.title")}</PageTitle>
      {found.isPending && <Waiting rows={4} />}
      {found.isError && <ProblemScreen error={found.error} retry={() => void found.refetch()} />}
      {found.data &&
        (found.data.places.length === 0 ? (
          <EmptyState title={t("book.closed")}>{t("book.closed_detail")}</EmptyState>
        ) : (
          <Booking offered={found.data} />
        ))}
    </div>
  );
}

/** Whom first: everything said after is about that person, and goes with them. */
function Booking({ offered }: { offered: Offers }) {
  const [person, setPerson] = useState<Schemas["PersonCard"] | null>(null);
  if (!person) return <Who onChoose={setPerson} />;
  return <BookingFor person={person} offered={offered} onLeave={() => setPerson(null)} />;
}

type ForProps = { person: Schemas["PersonCard"]; offered: Offers; onLeave: () => void };

function BookingFor({ person, offered, onLeave }: ForProps) {
  const { t } = useTranslation("appointments");
  const code = useCode();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [subject, setSubject] = useState<Schemas["AppointmentSubject"] | null>(null);
  const [placeId, setPlaceId] = useState<string | null>(null);
  const [kindId, setKindId] = useState<string | null>(null);
  const known = useQuery(personOf(person.id)).data?.contact;
  const [changedNeeds, setNeeds] = useState<Needs | null>(null);
  const needs = changedNeeds ?? (known ? bookedFrom(known) : noNeeds);
  const [declared, setDeclared] = useState(false);
  const [fromOn, setFromOn] = useState(todayIso());
  const [startsAt, setStartsAt] = useState<string | null>(null);

  const subjects = [...new Set(offered.places.flatMap((one) => one.subjects))];
  const places = offered.places.filter((one) => subject !== null && one.subjects.includes(subject));
  const place = places.find((one) => one.id === placeId) ?? (places.length === 1 ? places[0]! : null);
  const kinds = place ? offered.kinds.filter((one) => one.calendars.includes(place.kind)) : [];
  const kind = kinds.find((one) => one.id === kindId) ?? (kinds.length === 1 ? kinds[0]! : null);
  const ready = place !== null && kind !== null && (declared || !place.declares_non_autonomy);
  const free = useQuery({
    ...slots({ calendar_id: place?.id ?? "", kind_id: kind?.id ?? "", from_on: fromOn, ...lengthOf(needs) }),
    enabled: ready,
  });
  const act = useMutation({
    mutationFn: book,
    onSuccess: async () => {
      announce(t("book.done"));
      await refreshAppointments(queryClient);
      await navigate("/rendez-vous");
    },
    onError: (error) => {
      if (slugOf(asProblem(error)) === "slot-taken") {
        setStartsAt(null);
        void free.refetch();
      }
    },
  });
  const again = (change: () => void) => {
    change();
    setStartsAt(null);
  };
  const elsewhere = (change: () => void) => {
    again(change);
    setDeclared(false);
  };
  const { timeOf, dayOf } = zoned(offered.time_zone);
  return (
    <Stack gap="lg">
      <ProblemSummary problem={act.error && asProblem(act.error)} />
      <Panel
        title={t("book.for", { name: person.display_name })}
        aside={
          <Button variant="subtle" onClick={onLeave}>
            {t("book.other_person")}
          </Button>
        }
      >
        <Stack gap="md">
          <OneOf
            id="subject"
            legend={t("book.subject")}
            values={subjects}
            labelOf={(one) => code("appointment_subject", one)}
            chosen={subject}
            onChange={(one) => elsewhere(() => setSubject(one))}
          />
          {places.length > 1 && (
            <OneOf
              id="place"
              legend={t("book.place")}
              values={places.map((one) => one.id)}
              labelOf={(id) => {
                const one = places.find((each) => each.id === id)!;
                return [one.label, one.place].filter(Boolean).join(", ");
              }}
              chosen={place?.id}
              onChange={(id) => elsewhere(() => setPlaceId(id))}
            />
          )}
          {kinds.length > 1 && (
            <OneOf
              id="kind"
              legend={t("book.kind")}
              values={kinds.map((one) => one.id)}
              labelOf={(id) => kinds.find((each) => each.id === id)!.label}
              chosen={kind?.id}
              onChange={(id) => again(() => setKindId(id))}
            />
          )}
          {kind && (
            <NeedsFields needs={needs} adds={kind} onChange={(changed) => again(() => setNeeds(changed))} />
          )}
          {place?.declares_non_autonomy && (
            <Checkbox
              label={t("book.declaration")}
              description={t("book.declaration_detail")}
              checked={declared}
              onChange={(event) => setDeclared(event.currentTarget.checked)}
            />
          )}
        </Stack>
      </Panel>
      {ready && (
        <Panel title={t("book.when", { minutes: free.data?.minutes ?? kind.minutes })}>
          {free.isPending && <Waiting rows={3} />}
          {free.isError && <ProblemScreen error={free.error} retry={() => void free.refetch()} />}
          {free.data && (
            <SlotPicker
              slots={free.data}
              zone={offered.time_zone}
              chosen={startsAt}
              onChoose={setStartsAt}
              onFurther={setFromOn}
            />
          )}
        </Panel>
      )}
      {ready && startsAt && subject && (
        <Confirm
          summary={t("book.summary", {
            name: person.display_name,
            place: place.label,
            day: formatWeekday(dayOf(startsAt)),
            time: timeOf(startsAt),
          })}
          loading={act.isPending}
          onConfirm={() =>
            act.mutate({
              calendar_id: place.id,
              kind_id: kind.id,
              starts_at: startsAt,
              person_id: person.id,
              subject,
              ...needs,
              not_autonomous: place.declares_non_autonomy && declared,
            })
          }
        />
      )}
    </Stack>
  );
}

function Confirm({ summary, loading, onConfirm }: { summary: string; loading: boolean; onConfirm: () => void }) {
  const { t } = useTranslation("appointments");
  return (
    <div className={classes.confirm}>
      <p>{summary}</p>
      <Button loading={loading} onClick={onConfirm}>
        {t("book.confirm")}
      </Button>
    </div>
  );
}

function Who({ onChoose }: { onChoose: (person: Schemas["PersonCard"]) => void }) {
  const { t } = useTranslation("appointments");
  return (
    <Panel title={t("book.who")}>
      <p className={classes.lead}>{t("book.who_detail")}</p>
      <PersonPicker search={searchPersons} onChoose={onChoose} />
    </Panel>
  );
}
