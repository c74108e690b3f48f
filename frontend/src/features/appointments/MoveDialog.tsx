import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { todayIso } from "../../lib/dates";
import { Confirm } from "../../ui/Confirm";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { SlotPicker } from "../../ui/SlotPicker";
import { Waiting } from "../../ui/Waiting";
import { type Appointment, move, slots } from "./api";
import { useAct } from "./use-act";

type Props = { shown: Appointment; zone: string; when: string; onClose: () => void };

export function MoveDialog({ shown, zone, when, onClose }: Props) {
  const { t } = useTranslation("appointments");
  const [fromOn, setFromOn] = useState(todayIso());
  const [startsAt, setStartsAt] = useState<string | null>(null);
  const free = useQuery(
    slots({
      calendar_id: shown.calendar_id,
      kind_id: shown.kind_id ?? "",
      from_on: fromOn,
      interpreter: shown.interpreter,
      accessibility: shown.accessibility,
    }),
  );
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
      {free.isPending && <Waiting rows={3} />}
      {free.isError && <ProblemScreen error={free.error} retry={() => void free.refetch()} />}
      {free.data && (
        <SlotPicker slots={free.data} zone={zone} chosen={startsAt} onChoose={setStartsAt} onFurther={setFromOn} />
      )}
    </Confirm>
  );
}
