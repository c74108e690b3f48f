import { Button, Stack, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { withdrawalReasonValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { asProblem, fieldErrors } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { Confirm } from "../../ui/Confirm";
import { OneOf } from "../../ui/Ticks";
import { type PartnerRequest, refreshRequests, withdraw, type WithdrawIn } from "./api";

/** Takes the request back, after saying what that does and to whom. */
export function Withdraw({ request }: { request: PartnerRequest }) {
  const { t } = useTranslation("request");
  const code = useCode();
  const queryClient = useQueryClient();
  const [asked, setAsked] = useState(false);
  const [reason, setReason] = useState<WithdrawIn["reason"] | null>(null);
  const [message, setMessage] = useState("");
  const act = useMutation({
    mutationFn: (why: WithdrawIn["reason"]) =>
      withdraw(request.id, request.version, { reason: why, message: message.trim() || null }),
    onSuccess: () => {
      setAsked(false);
      announce(t("withdraw.done"));
      return refreshRequests(queryClient);
    },
  });
  const problem = act.error ? asProblem(act.error) : null;
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconArrowBackUp size={20} aria-hidden />}
        onClick={() => setAsked(true)}
      >
        {t("withdraw.act")}
      </Button>
      <Confirm
        opened={asked}
        title={t("withdraw.title")}
        confirm={t("withdraw.act")}
        danger
        disabled={reason === null}
        pending={act.isPending}
        problem={problem}
        fields={{ reason: t("withdraw.reason"), message: t("withdraw.message") }}
        onConfirm={() => reason && act.mutate(reason)}
        onClose={() => setAsked(false)}
      >
        <Stack gap="md">
          <p>{t("withdraw.detail", { number: request.number })}</p>
          <OneOf
            id="reason"
            legend={t("withdraw.reason")}
            error={fieldErrors(problem).reason}
            values={withdrawalReasonValues}
            labelOf={(one) => code("withdrawal_reason", one)}
            chosen={reason}
            onChange={setReason}
          />
          <Textarea
            id="message"
            label={t("withdraw.message")}
            autosize
            minRows={2}
            maxLength={2000}
            value={message}
            error={fieldErrors(problem).message}
            onChange={(event) => setMessage(event.currentTarget.value)}
          />
        </Stack>
      </Confirm>
    </>
  );
}
