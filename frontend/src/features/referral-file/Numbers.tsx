import { Button, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconEye, IconEyeOff } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useCode } from "../../i18n/use-code";
import { formatNir } from "../../lib/nir";
import { asProblem, fieldErrors } from "../../lib/problem";
import { Confirm } from "../../ui/Confirm";
import { Rich } from "../../ui/Rich";
import { type AgentPerson, revealNumber } from "./api";
import classes from "./ReferralFile.module.css";

/** The number, masked; in full only after a fresh proof of identity and with a reason kept for control. */
export function Numbers({ known }: { known: AgentPerson }) {
  const { t } = useTranslation("referral-file");
  const code = useCode();
  const [asked, setAsked] = useState(false);
  const [reason, setReason] = useState("");
  const reveal = useMutation({
    mutationFn: () => revealNumber(known.id, reason.trim()),
    onSuccess: () => {
      setAsked(false);
      setReason("");
    },
  });
  const present = known.identifiers.find((one) => one.until_at === null) ?? known.identifiers[0];
  const problem = reveal.error ? asProblem(reveal.error) : null;
  if (!present) return null;
  return (
    <div className={classes.number}>
      <div>
        <span className={classes.label}>{code("identifier_kind", present.kind)}</span>
        <span className="figures" aria-live="polite">
          {reveal.data ? formatNir(reveal.data.value) : (present.masked ?? (present.none_reason && code("no_number_reason", present.none_reason)))}
        </span>
      </div>
      {known.abilities.reveal_number && present.masked && (
        <Button
          variant="default"
          size="sm"
          leftSection={reveal.data ? <IconEyeOff size={18} aria-hidden /> : <IconEye size={18} aria-hidden />}
          onClick={() => (reveal.data ? reveal.reset() : setAsked(true))}
        >
          {t(reveal.data ? "number.hide" : "number.show")}
        </Button>
      )}
      <Confirm
        opened={asked}
        title={t("number.title")}
        confirm={t("number.show")}
        disabled={reason.trim().length < 10}
        pending={reveal.isPending}
        problem={problem}
        fields={{ reason: t("number.reason") }}
        onConfirm={() => reveal.mutate()}
        onClose={() => setAsked(false)}
      >
        <p>
          <Rich text={t("number.detail")} />
        </p>
        <Textarea
          id="reason"
          label={t("number.reason")}
          description={t("reason_help")}
          autosize
          minRows={2}
          maxLength={500}
          value={reason}
          error={fieldErrors(problem).reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Confirm>
    </div>
  );
}
