import {
  IconAlarm,
  IconArrowBackUp,
  IconArrowsSplit2,
  IconCircleCheck,
  IconCircleX,
  IconEraser,
  IconHourglassEmpty,
  IconInbox,
  IconListSearch,
  IconMailCheck,
  IconPaperclip,
  IconPencil,
  IconUserExclamation,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";
import { useCode } from "../i18n/use-code";
import classes from "./StateTag.module.css";

type Coarse = Schemas["CoarseState"];
type Inside = Schemas["RequestState"];
type Look = { icon: typeof IconInbox; tone: "neutral" | "info" | "done" | "turn"; shape: "pill" | "box" | "dashed" };

/** Icon, word and shape tell the state; the colour comes last. */
const looks: Record<Coarse | Inside, Look> = {
  draft: { icon: IconPencil, tone: "neutral", shape: "dashed" },
  received: { icon: IconInbox, tone: "info", shape: "pill" },
  submitted: { icon: IconInbox, tone: "info", shape: "pill" },
  under_review: { icon: IconListSearch, tone: "info", shape: "pill" },
  relevance_review: { icon: IconListSearch, tone: "info", shape: "pill" },
  taken_on: { icon: IconCircleCheck, tone: "done", shape: "pill" },
  accepted: { icon: IconCircleCheck, tone: "done", shape: "pill" },
  not_taken_on: { icon: IconCircleX, tone: "neutral", shape: "box" },
  refused: { icon: IconCircleX, tone: "neutral", shape: "box" },
  redirected: { icon: IconArrowsSplit2, tone: "neutral", shape: "box" },
  withdrawn: { icon: IconArrowBackUp, tone: "neutral", shape: "dashed" },
  in_progress: { icon: IconListSearch, tone: "info", shape: "pill" },
  triage: { icon: IconListSearch, tone: "info", shape: "pill" },
  qualification: { icon: IconAlarm, tone: "turn", shape: "pill" },
  waiting_partner: { icon: IconPaperclip, tone: "turn", shape: "box" },
  answered: { icon: IconMailCheck, tone: "done", shape: "pill" },
  closed: { icon: IconCircleCheck, tone: "neutral", shape: "pill" },
  ended: { icon: IconCircleCheck, tone: "neutral", shape: "pill" },
  rejected: { icon: IconCircleX, tone: "neutral", shape: "box" },
  entered_in_error: { icon: IconEraser, tone: "neutral", shape: "dashed" },
  expired: { icon: IconHourglassEmpty, tone: "neutral", shape: "dashed" },
};

export function CoarseTag({ state }: { state: Coarse }) {
  const code = useCode();
  return <Tag look={looks[state]} word={code("coarse_state", state)} />;
}

/** The state inside the caisse. The service sends any text there, since a state may be added. */
export function StateTag({ state }: { state: Inside }) {
  const code = useCode();
  return <Tag look={looks[state]} word={code("request_state", state)} />;
}

/** Shown only when something is awaited from the reader. */
export function YourTurnTag() {
  const { t } = useTranslation();
  return <Tag look={{ icon: IconUserExclamation, tone: "turn", shape: "box" }} word={t("your_turn")} />;
}

function Tag({ look, word }: { look: Look; word: string }) {
  const Icon = look.icon;
  return (
    <span className={classes.tag} data-tone={look.tone} data-shape={look.shape}>
      <Icon size={18} stroke={1.9} aria-hidden />
      {word}
    </span>
  );
}
