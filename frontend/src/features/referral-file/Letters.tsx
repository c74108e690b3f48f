import { Button, Group, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { IconFileDownload, IconMail } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { agentLetter, savePdf } from "../../api/letters";
import { formatInstant } from "../../lib/dates";
import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { Confirm } from "../../ui/Confirm";
import { Panel } from "../../ui/Panel";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { Waiting } from "../../ui/Waiting";
import { type AgentRequest, letters, makeLetter } from "./api";
import classes from "./ReferralFile.module.css";

type Kind = "misas_receipt" | "misas_call_back";
type Props = { shown: AgentRequest; structure: string | undefined };

/** What was written to the structure and to the person about this request, and what may be. */
export function Letters({ shown, structure }: Props) {
  const { t } = useTranslation("referral-file");
  const query = useQuery(letters(shown.id));
  const [making, setMaking] = useState<Kind | null>(null);
  const read = useMutation({ mutationFn: (id: string) => savePdf(agentLetter(id), shown.number) });
  return (
    <Panel title={t("letters.title")}>
      <ProblemSummary problem={read.error && asProblem(read.error)} />
      {query.isPending && <Waiting rows={2} />}
      {query.isError && <ProblemScreen error={query.error} retry={() => void query.refetch()} />}
      {query.data?.length === 0 && <p className={classes.quiet}>{t("letters.none")}</p>}
      <ul className={classes.letters}>
        {query.data?.map((letter) => (
          <li key={letter.id}>
            <span>
              {letter.label}
              <span className={classes.quiet}> {t("letters.made", { when: formatInstant(letter.made_at) })}</span>
            </span>
            <Button
              variant="subtle"
              leftSection={<IconFileDownload size={18} aria-hidden />}
              aria-label={t("letters.pdf_of", { label: letter.label })}
              loading={read.isPending && read.variables === letter.id}
              onClick={() => read.mutate(letter.id)}
            >
              {t("letters.pdf")}
            </Button>
          </li>
        ))}
      </ul>
      <Group gap="xs" mt="sm" className="no-print">
        {shown.structure_id && waits(shown) && (
          <Button variant="default" leftSection={<IconMail size={18} aria-hidden />} onClick={() => setMaking("misas_receipt")}>
            {t("letters.receipt.act")}
          </Button>
        )}
        {shown.person && (
          <Button variant="default" leftSection={<IconMail size={18} aria-hidden />} onClick={() => setMaking("misas_call_back")}>
            {t("letters.call_back.act")}
          </Button>
        )}
      </Group>
      {making && <MakeDialog kind={making} shown={shown} structure={structure} onClose={() => setMaking(null)} />}
    </Panel>
  );
}

/** A receipt announces an answer: once it is given, none is made. */
const waits = ({ state }: Props["shown"]) => state === "submitted" || state === "relevance_review";

function MakeDialog({ kind, shown, structure, onClose }: Props & { kind: Kind; onClose: () => void }) {
  const { t } = useTranslation("referral-file");
  const queryClient = useQueryClient();
  const [recipient, setRecipient] = useState(structure ?? "");
  const name = kind === "misas_receipt" ? "receipt" : "call_back";
  const lines = recipient.split("\n").map((line) => line.trim()).filter(Boolean);
  const act = useMutation({
    mutationFn: () => makeLetter(shown.id, { kind, recipient: kind === "misas_receipt" ? lines : null }),
    onSuccess: async (made) => {
      onClose();
      announce(t("letters.done"));
      await queryClient.invalidateQueries({ queryKey: letters(shown.id).queryKey });
      await savePdf(agentLetter(made.id), shown.number);
    },
  });
  return (
    <Confirm
      opened
      title={t(`letters.${name}.title`)}
      confirm={t("letters.make")}
      disabled={kind === "misas_receipt" && lines.length === 0}
      pending={act.isPending}
      problem={act.error && asProblem(act.error)}
      fields={{ recipient: t("letters.recipient") }}
      onConfirm={() => act.mutate()}
      onClose={onClose}
    >
      <p>{t(`letters.${name}.detail`)}</p>
      {kind === "misas_receipt" && (
        <Textarea
          id="recipient"
          label={t("letters.recipient")}
          description={t("letters.recipient_help")}
          rows={4}
          value={recipient}
          onChange={(event) => setRecipient(event.currentTarget.value)}
        />
      )}
    </Confirm>
  );
}
