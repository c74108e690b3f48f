import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { todayIso } from "../../lib/dates";
import { zoned } from "../../lib/zoned";
import { Choice } from "../../ui/Choice";
import { Confirm } from "../../ui/Confirm";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { SlotPicker } from "../../ui/SlotPicker";
import { Waiting } from "../../ui/Waiting";
import { type Appointment, type Calendar, calendars, isResource, kinds, move, slots } from "./api";
import { DayAndTime } from "./DayAndTime";
import { useAct } from "./use-act";

type Props = { shown: Appointment; zone: string; when: string; onClose: () => void };

/** To another time, perhaps with a colleague or in another room: wherever the same can be booked. */
export function MoveDialog({ shown, zone, when, onClose }: Props) {
  const { t } = useTranslation("agenda");
  const { dayOf, hourOf, instantOf } = zoned(zone);
  const [calendarId, setCalendarId] = useState(shown.calendar_id);
  const [startsAt, setStartsAt] = useState<string | null>(null);
  const [day, setDay] = useState<string | null>(dayOf(shown.starts_at));
  const [hour, setHour] = useState(hourOf(shown.starts_at));
  const places = usePlaces(shown);
  const to = shown.kind_id ? startsAt : day && hour && instantOf(day, hour);
  const act = useAct(
    (starts_at: string) => move(shown, { starts_at, calendar_id: calendarId }),
    t("move.done"),
    onClose,
  );
  return (
    <Confirm
      opened
      title={t("move.title")}
      confirm={t("move.act")}
      disabled={!to}
      pending={act.isPending}
      problem={act.problem}
      onConfirm={() => to && act.mutate(to)}
      onClose={onClose}
    >
      <p>{t("move.detail", { when })}</p>
      {places.length > 1 && (
        <Choice
          id="calendar_id"
          label={t("move.where")}
          value={calendarId}
          values={places.map((one) => one.id)}
          labelOf={(id) => places.find((one) => one.id === id)!.label}
          onChange={(id) => {
            setCalendarId(id ?? shown.calendar_id);
            setStartsAt(null);
          }}
        />
      )}
      {shown.kind_id ? (
        <FreeSlots
          key={calendarId}
          shown={shown}
          calendarId={calendarId}
          zone={zone}
          chosen={startsAt}
          onChoose={setStartsAt}
        />
      ) : (
        <DayAndTime day={day} time={hour} onDay={setDay} onTime={setHour} />
      )}
    </Confirm>
  );
}

/** The calendars in which the reader may book the same thing, its own first even when it was archived. */
function usePlaces(shown: Appointment): Calendar[] {
  const all = useQuery(calendars()).data?.items ?? [];
  const kind = useQuery(kinds()).data?.items.find((one) => one.id === shown.kind_id);
  const own = all.find((one) => one.id === shown.calendar_id);
  const alike = (one: Calendar) =>
    isResource(one) ? one.kind === own?.kind : (kind?.calendars.includes(one.kind) ?? false);
  const others = all.filter((one) => one.id !== shown.calendar_id && one.active && one.may_book && alike(one));
  return own ? [own, ...others] : others;
}

type SlotsProps = {
  shown: Appointment;
  calendarId: string;
  zone: string;
  chosen: string | null;
  onChoose: (at: string) => void;
};

function FreeSlots({ shown, calendarId, zone, chosen, onChoose }: SlotsProps) {
  const [fromOn, setFromOn] = useState(todayIso());
  const free = useQuery(
    slots({
      calendar_id: calendarId,
      kind_id: shown.kind_id!,
      from_on: fromOn,
      interpreter: shown.interpreter,
      accessibility: shown.accessibility,
    }),
  );
  return (
    <Stack gap="md">
      {free.isPending && <Waiting rows={3} />}
      {free.isError && <ProblemScreen error={free.error} retry={() => void free.refetch()} />}
      {free.data && (
        <SlotPicker slots={free.data} zone={zone} chosen={chosen} onChoose={onChoose} onFurther={setFromOn} />
      )}
    </Stack>
  );
}
