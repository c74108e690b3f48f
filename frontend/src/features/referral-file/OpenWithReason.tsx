import { Button, Stack, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem, fieldErrors } from "../../lib/problem";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { openPerson, refreshPerson, refreshRequests } from "./api";
import classes from "./ReferralFile.module.css";

/** A person not entrusted to this agent: the record opens for half an hour, with a reason kept for control. */
export function OpenWithReason({ personId }: { personId: string }) {
  const { t } = useTranslation("referral-file");
  const queryClient = useQueryClient();
  const [reason, setReason] = useState("");
  const open = useMutation({
    mutationFn: () => openPerson(personId, reason.trim()),
    // What was written of the person opens with the record.
    onSuccess: () => Promise.all([refreshPerson(queryClient), refreshRequests(queryClient)]),
  });
  const problem = open.error ? asProblem(open.error) : null;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        open.mutate();
      }}
    >
      <Stack gap="sm">
        <p className={classes.quiet}>{t("open.detail")}</p>
        <ProblemSummary problem={problem} fields={{ reason: t("open.reason") }} />
        <Textarea
          id="open_reason"
          label={t("open.reason")}
          description={t("reason_help")}
          autosize
          minRows={2}
          maxLength={500}
          value={reason}
          error={fieldErrors(problem).reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={reason.trim().length < 10} loading={open.isPending}>
          {t("open.act")}
        </Button>
      </Stack>
    </form>
  );
}
