import {
  IconArrowBackUp,
  IconArrowsSplit2,
  IconCircleCheck,
  IconCircleX,
  IconHourglassEmpty,
  IconInbox,
  IconListSearch,
  IconPencil,
  IconUserExclamation,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";
import { useCode } from "../i18n/use-code";
import classes from "./StateTag.module.css";

type Coarse = Schemas["CoarseState"];
type Misas = Schemas["MisasState"];
type Look = { icon: typeof IconInbox; tone: "neutral" | "info" | "done" | "turn"; shape: "pill" | "box" | "dashed" };

/** Icon, word and shape tell the state; the colour comes last. */
const looks: Record<Coarse | Misas, Look> = {
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
  expired: { icon: IconHourglassEmpty, tone: "neutral", shape: "dashed" },
};

export function CoarseTag({ state }: { state: Coarse }) {
  const code = useCode();
  return <Tag look={looks[state]} word={code("coarse_state", state)} />;
}

export function MisasTag({ state }: { state: Misas }) {
  const code = useCode();
  return <Tag look={looks[state]} word={code("misas_state", state)} />;
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
