import {
  IconBan,
  IconCircleCheck,
  IconCircleX,
  IconHourglass,
  IconHourglassEmpty,
  IconLoader,
  IconLock,
  IconUserExclamation,
} from "@tabler/icons-react";

import type { Work } from "../../api/works";
import { useCode } from "../../i18n/use-code";
import classes from "../StateTag.module.css";

const looks = {
  prepared: { icon: IconUserExclamation, tone: "turn", shape: "box" },
  waiting: { icon: IconHourglass, tone: "info", shape: "pill" },
  running: { icon: IconLoader, tone: "info", shape: "pill" },
  done: { icon: IconCircleCheck, tone: "done", shape: "pill" },
  failed: { icon: IconCircleX, tone: "neutral", shape: "box" },
  cancelled: { icon: IconBan, tone: "neutral", shape: "dashed" },
  revoked: { icon: IconLock, tone: "neutral", shape: "box" },
  expired: { icon: IconHourglassEmpty, tone: "neutral", shape: "dashed" },
} as const;

/** Where a work stands: icon, word and shape; the colour comes last. */
export function WorkTag({ state }: { state: Work["state"] }) {
  const code = useCode();
  const { icon: Icon, tone, shape } = looks[state];
  return (
    <span className={classes.tag} data-tone={tone} data-shape={shape}>
      <Icon size={18} stroke={1.9} aria-hidden />
      {code("work_state", state)}
    </span>
  );
}
