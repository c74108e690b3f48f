import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Confirm } from "../../ui/Confirm";
import { accept, type AgentRequest } from "./api";
import { PartnerMessage } from "./PartnerMessage";
import { useAct } from "./use-act";

type Props = { shown: AgentRequest; onClose: () => void };

export function AcceptDialog({ shown, onClose }: Props) {
  const { t } = useTranslation("referral-file");
  const [message, setMessage] = useState("");
  const act = useAct(() => accept(shown, message.trim() || null), t("accept.done"), onClose);
  return (
    <Confirm
      opened
      title={t("accept.title")}
      confirm={t("accept.confirm")}
      pending={act.isPending}
      problem={act.problem}
      fields={{ message: t("message.label") }}
      onConfirm={() => act.mutate(undefined)}
      onClose={onClose}
    >
      <p>{t("accept.detail")}</p>
      <PartnerMessage value={message} problem={act.problem} onChange={setMessage} />
    </Confirm>
  );
}
