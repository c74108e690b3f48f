import { Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { orientationValues, refusalReasonValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { fieldErrors } from "../../lib/problem";
import { Choice } from "../../ui/Choice";
import { Confirm } from "../../ui/Confirm";
import { OneOf } from "../../ui/Ticks";
import { type AgentRequest, refuse, type RefuseIn } from "./api";
import { PartnerMessage } from "./PartnerMessage";
import { useAct } from "./use-act";

type Props = { shown: AgentRequest; onClose: () => void };

export function RefuseDialog({ shown, onClose }: Props) {
  const { t } = useTranslation("referral-file");
  const code = useCode();
  const [reason, setReason] = useState<RefuseIn["reason"] | null>(null);
  const [orientation, setOrientation] = useState<RefuseIn["orientation"]>(null);
  const [message, setMessage] = useState("");
  const act = useAct((given: RefuseIn) => refuse(shown, given), t("refuse.done"), onClose);
  const errors = fieldErrors(act.problem);
  return (
    <Confirm
      opened
      danger
      title={t("refuse.title")}
      confirm={t("refuse.confirm")}
      disabled={reason === null}
      pending={act.isPending}
      problem={act.problem}
      fields={{ reason: t("refuse.reason"), orientation: t("refuse.orientation"), message: t("message.label") }}
      onConfirm={() => reason && act.mutate({ reason, orientation, message: message.trim() || null })}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>{t("refuse.detail")}</p>
        <OneOf
          id="reason"
          legend={t("refuse.reason")}
          help={t("refuse.reason_help")}
          error={errors.reason}
          values={refusalReasonValues}
          labelOf={(one) => code("refusal_reason", one)}
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
