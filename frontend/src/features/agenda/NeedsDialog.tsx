import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Confirm } from "../../ui/Confirm";
import { type Needs, NeedsFields } from "../../ui/NeedsFields";
import { type Appointment, kinds, move } from "./api";
import { useAct } from "./use-act";

type Props = { shown: Appointment; when: string; onClose: () => void };

/** Other needs at the same time: the slot takes the length they ask for, if what follows leaves it. */
export function NeedsDialog({ shown, when, onClose }: Props) {
  const { t } = useTranslation("agenda");
  const { interpreter, language, accessibility } = shown;
  const [needs, setNeeds] = useState<Needs>({ interpreter, language, accessibility });
  const kind = useQuery(kinds()).data?.items.find((one) => one.id === shown.kind_id);
  const act = useAct(() => move(shown, { starts_at: shown.starts_at, needs }), t("needs.done"), onClose);
  const changed =
    needs.interpreter !== interpreter || needs.language !== language || needs.accessibility !== accessibility;
  const minutes =
    kind &&
    kind.minutes +
      (needs.interpreter ? kind.interpreter_minutes : 0) +
      (needs.accessibility ? kind.accessibility_minutes : 0);
  return (
    <Confirm
      opened
      title={t("needs.title")}
      confirm={t("needs.confirm")}
      disabled={!changed}
      pending={act.isPending}
      problem={act.problem}
      onConfirm={() => act.mutate(undefined)}
      onClose={onClose}
    >
      <p>{t("needs.detail", { when })}</p>
      <NeedsFields needs={needs} adds={kind} onChange={setNeeds} />
      {changed && minutes !== undefined && <p aria-live="polite">{t("needs.length", { minutes })}</p>}
    </Confirm>
  );
}
