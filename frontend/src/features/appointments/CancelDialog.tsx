import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../../api/client";
import { useCode } from "../../i18n/use-code";
import { Confirm } from "../../ui/Confirm";
import { OneOf } from "../../ui/Ticks";
import { type Appointment, cancel } from "./api";
import { useAct } from "./use-act";

const reasons = ["person_unavailable", "no_longer_needed", "done_elsewhere", "mistake", "other"] as const;

type Props = { shown: Appointment; when: string; onClose: () => void };

export function CancelDialog({ shown, when, onClose }: Props) {
  const { t } = useTranslation("appointments");
  const code = useCode();
  const [reason, setReason] = useState<Schemas["CancelReason"] | null>(null);
  const act = useAct((why: Schemas["CancelReason"]) => cancel(shown, why), t("cancel.done"), onClose);
  return (
    <Confirm
      opened
      title={t("cancel.title")}
      confirm={t("cancel.confirm")}
      danger
      disabled={reason === null}
      pending={act.isPending}
      problem={act.problem}
      onConfirm={() => reason && act.mutate(reason)}
      onClose={onClose}
    >
      <p>{t("cancel.detail", { when })}</p>
      <OneOf
        id="reason"
        legend={t("cancel.reason")}
        values={reasons}
        labelOf={(one) => code("cancel_reason", one)}
        chosen={reasons.find((one) => one === reason)}
        onChange={setReason}
      />
    </Confirm>
  );
}
