import { Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { orientationValues, rejectionReasonValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { fieldErrors } from "../../lib/problem";
import { Choice } from "../../ui/Choice";
import { Confirm } from "../../ui/Confirm";
import { OneOf } from "../../ui/Ticks";
import { type AgentRequest, reject, type RejectIn } from "./api";
import { PartnerMessage } from "./PartnerMessage";
import { useAct } from "./use-act";

type Props = { shown: AgentRequest; onClose: () => void };

/** Does not treat a request: the structure reads the reason, where to go, and the words. */
export function RejectDialog({ shown, onClose }: Props) {
  const { t } = useTranslation("referral-file");
  const code = useCode();
  const [reason, setReason] = useState<RejectIn["reason"] | null>(null);
  const [orientation, setOrientation] = useState<RejectIn["orientation"]>(null);
  const [message, setMessage] = useState("");
  const act = useAct((given: RejectIn) => reject(shown, given), t("reject.done"), onClose);
  const errors = fieldErrors(act.problem);
  return (
    <Confirm
      opened
      danger
      title={t("reject.title")}
      confirm={t("reject.confirm")}
      disabled={reason === null}
      pending={act.isPending}
      problem={act.problem}
      fields={{ reason: t("refuse.reason"), orientation: t("refuse.orientation"), message: t("message.label") }}
      onConfirm={() => reason && act.mutate({ reason, orientation, message: message.trim() || null })}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>{t("reject.detail")}</p>
        <OneOf
          id="reason"
          legend={t("refuse.reason")}
          help={t("reject.reason_help")}
          error={errors.reason}
          values={rejectionReasonValues}
          labelOf={(one) => code("rejection_reason", one)}
          chosen={reason}
          onChange={setReason}
        />
        <Choice
          id="orientation"
          label={t("refuse.orientation")}
          help={t("refuse.orientation_help")}
          error={errors.orientation}
          value={orientation ?? undefined}
          values={orientationValues}
          none={t("refuse.no_orientation")}
          labelOf={(one) => code("orientation", one)}
          onChange={(one) => setOrientation(one ?? null)}
        />
        <PartnerMessage value={message} problem={act.problem} onChange={setMessage} />
      </Stack>
    </Confirm>
  );
}
