import { Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useCode } from "../../i18n/use-code";
import { fieldErrors } from "../../lib/problem";
import { Confirm } from "../../ui/Confirm";
import { OneOf } from "../../ui/Ticks";
import { type AgentRequest, answer, type AnswerIn } from "./api";
import { outcomes } from "./outcomes";
import { PartnerMessage } from "./PartnerMessage";
import { useAct } from "./use-act";

type Props = { shown: AgentRequest; onClose: () => void };

/** What the answer comes to, and in which words; documents are addressed beforehand, in their own panel. */
export function AnswerDialog({ shown, onClose }: Props) {
  const { t } = useTranslation("referral-file");
  const code = useCode();
  const [outcome, setOutcome] = useState<AnswerIn["outcome"] | null>(null);
  const [message, setMessage] = useState("");
  const act = useAct((given: AnswerIn) => answer(shown, given), t("answer.done"), onClose);
  return (
    <Confirm
      opened
      title={t("answer.title")}
      confirm={t("answer.confirm")}
      disabled={outcome === null || !message.trim()}
      pending={act.isPending}
      problem={act.problem}
      fields={{ outcome: t("answer.outcome"), message: t("answer.message") }}
      onConfirm={() => outcome && act.mutate({ outcome, message: message.trim() })}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>{t("answer.detail")}</p>
        <OneOf
          id="outcome"
          legend={t("answer.outcome")}
          error={fieldErrors(act.problem).outcome}
          values={outcomes[shown.kind] ?? []}
          labelOf={(one) => code("answer_outcome", one)}
          chosen={outcome}
          onChange={setOutcome}
        />
        <PartnerMessage label={t("answer.message")} value={message} problem={act.problem} onChange={setMessage} />
      </Stack>
    </Confirm>
  );
}
