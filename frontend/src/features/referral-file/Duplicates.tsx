import { Button, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useCode } from "../../i18n/use-code";
import { formatDay } from "../../lib/dates";
import { asProblem, fieldErrors } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { Confirm } from "../../ui/Confirm";
import { Panel } from "../../ui/Panel";
import { duplicates, notSame, refreshPerson } from "./api";
import classes from "./ReferralFile.module.css";

/** Records that may be the same person: proposed, never merged by a machine; "not the same" is remembered. */
export function Duplicates({ personId }: { personId: string }) {
  const { t } = useTranslation("referral-file");
  const code = useCode();
  const queryClient = useQueryClient();
  const proposed = useQuery(duplicates(personId));
  const [other, setOther] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const tell = useMutation({
    mutationFn: (otherId: string) => notSame(personId, otherId, reason.trim()),
    onSuccess: () => {
      setOther(null);
      setReason("");
      announce(t("duplicates.done"));
      return refreshPerson(queryClient);
    },
  });
  const problem = tell.error ? asProblem(tell.error) : null;
  if (!proposed.data || proposed.data.items.length === 0) return null;
  return (
    <Panel title={t("duplicates.title")}>
      <p className={classes.quiet}>{t("duplicates.detail")}</p>
      <ul className={classes.plain}>
        {proposed.data.items.map(({ person, reasons }) => (
          <li key={person.id}>
            <strong>{person.display_name}</strong>
            <span className={classes.label}>
              {[t("born", { date: formatDay(person.birth_on) }), person.number, person.city].filter(Boolean).join(" · ")}
            </span>
            <span className={classes.label}>
              {t("duplicates.why", { reasons: reasons.map((one) => code("duplicate_reason", one)).join(", ") })}
            </span>
            <Button variant="default" size="sm" mt={6} onClick={() => setOther(person.id)}>
              {t("duplicates.not_same")}
            </Button>
          </li>
        ))}
      </ul>
      <Confirm
        opened={other !== null}
        title={t("duplicates.not_same")}
        confirm={t("duplicates.confirm")}
        disabled={reason.trim().length < 10}
        pending={tell.isPending}
        problem={problem}
        fields={{ reason: t("duplicates.reason") }}
        onConfirm={() => other && tell.mutate(other)}
        onClose={() => setOther(null)}
      >
        <p>{t("duplicates.effect")}</p>
        <Textarea
          id="reason"
          label={t("duplicates.reason")}
          description={t("reason_help")}
          autosize
          minRows={2}
          maxLength={500}
          value={reason}
          error={fieldErrors(problem).reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Confirm>
    </Panel>
  );
}
