import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../../api/client";
import { cancelReasonValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { Confirm } from "../../ui/Confirm";
import { OneOf } from "../../ui/Ticks";
import { type Appointment, cancel } from "./api";
import { useAct } from "./use-act";

const sides = ["person", "service"] as const;
type Side = (typeof sides)[number];
type Reason = Schemas["CancelReason"];

/** Which reasons each side may have; for a room, nobody but the caisse cancels. */
const reasonsOf: Record<Side, readonly Reason[]> = {
  person: ["person_unavailable", "no_longer_needed", "done_elsewhere", "other"],
  service: cancelReasonValues.filter((one) => one !== "person_unavailable"),
};

type Props = { shown: Appointment; when: string; onClose: () => void };

/** Who gives the place back, and why: what statistics tell apart. */
export function CancelDialog({ shown, when, onClose }: Props) {
  const { t } = useTranslation("agenda");
  const code = useCode();
  const [side, setSide] = useState<Side | null>(shown.person_id ? null : "service");
  const [reason, setReason] = useState<Reason | null>(null);
  const act = useAct(
    (body: { reason: Reason; for_person: boolean }) => cancel(shown, body),
    t("cancel.done"),
    onClose,
  );
  return (
    <Confirm
      opened
      title={t(shown.person_id ? "cancel.title" : "cancel.title_resource")}
      confirm={t(shown.person_id ? "cancel.title" : "cancel.title_resource")}
      danger
      disabled={side === null || reason === null}
      pending={act.isPending}
      problem={act.problem}
      onConfirm={() => side && reason && act.mutate({ reason, for_person: side === "person" })}
      onClose={onClose}
    >
      <p>{t("cancel.detail", { when })}</p>
      {shown.person_id && (
        <OneOf
          id="side"
          legend={t("cancel.side")}
          values={sides}
          labelOf={(one) => t(`cancel.${one}`)}
          chosen={side}
          onChange={(one) => {
            setSide(one);
            setReason(null);
          }}
        />
      )}
      {side && (
        <OneOf
          id="reason"
          legend={t("cancel.reason")}
          values={reasonsOf[side]}
          labelOf={(one) => code("cancel_reason", one)}
          chosen={reason}
          onChange={setReason}
        />
      )}
    </Confirm>
  );
}
