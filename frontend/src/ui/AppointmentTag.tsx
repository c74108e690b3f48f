import {
  IconArrowBackUp,
  IconArrowRight,
  IconBuildingBank,
  IconCalendarEvent,
  IconCircleCheck,
  IconCircleX,
  IconMessageCircle,
} from "@tabler/icons-react";

import type { Schemas } from "../api/client";
import { useCode } from "../i18n/use-code";
import classes from "./StateTag.module.css";

type State = Schemas["AppointmentState"];
type Look = { icon: typeof IconCalendarEvent; tone: "neutral" | "info" | "done" | "turn"; shape: "pill" | "box" | "dashed" };

const looks: Record<State, Look> = {
  booked: { icon: IconCalendarEvent, tone: "info", shape: "pill" },
  seen: { icon: IconCircleCheck, tone: "done", shape: "pill" },
  excused: { icon: IconMessageCircle, tone: "neutral", shape: "box" },
  no_show: { icon: IconCircleX, tone: "turn", shape: "box" },
  cancelled_by_person: { icon: IconArrowBackUp, tone: "neutral", shape: "dashed" },
  cancelled_by_service: { icon: IconBuildingBank, tone: "neutral", shape: "dashed" },
  moved: { icon: IconArrowRight, tone: "neutral", shape: "dashed" },
};

/** What became of an appointment, by icon, word and shape. */
export function AppointmentTag({ state }: { state: State }) {
  const code = useCode();
  const { icon: Icon, tone, shape } = looks[state];
  return (
    <span className={classes.tag} data-tone={tone} data-shape={shape}>
      <Icon size={18} stroke={1.9} aria-hidden />
      {code("appointment_state", state)}
    </span>
  );
}
