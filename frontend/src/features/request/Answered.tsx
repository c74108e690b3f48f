import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useCode } from "../../i18n/use-code";
import { formatDay } from "../../lib/dates";
import { Notice } from "../../ui/Notice";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { WordsDialog } from "../../ui/WordsDialog";
import { close, type PartnerRequest, reopen } from "./api";
import type { Event } from "./event-detail";
import classes from "./Request.module.css";
import { useAct } from "./use-act";

const answers = ["accept", "refuse", "redirect", "transfer", "answer", "reject", "take_on", "end", "void"] as const;
type Answer = (typeof answers)[number];

const isAnswer = (event: Event): event is Event & { event: Answer } => answers.some((one) => one === event.event);

/** What the answer was, and what may follow: it was read, or it does not settle the matter. */
export function Answered({ request }: { request: PartnerRequest }) {
  const { t } = useTranslation("request");
  const code = useCode();
  const event = request.timeline.findLast(isAnswer);
  if (!event) return null;
  const isMission = request.kind === "misas_referral";
  const { abilities } = request;
  return (
    <Notice
      tone={["accept", "answer", "take_on"].includes(event.event) ? "done" : "info"}
      title={event.outcome ? code("answer_outcome", event.outcome) : t(`answer.${event.event}`)}
    >
      {event.event === "accept" && isMission && <p>{t("answer.accept_detail")}</p>}
      {event.event === "take_on" && <p>{t("answer.take_on_detail")}</p>}
      {event.reason && <p>{code("public_reason", event.reason)}</p>}
      {!event.reason && !event.outcome && event.reason_label && <p>{event.reason_label}</p>}
      {event.orientation && <p>{t("answer.orientation", { where: code("orientation", event.orientation) })}</p>}
      {event.target && <p>{t("answer.target", { where: code("redirect_target", event.target) })}</p>}
      {event.message && <p className={classes.words}>{event.message}</p>}
      {abilities.close && request.lapses_on && <p>{t("close.until", { date: formatDay(request.lapses_on) })}</p>}
      {(abilities.close || abilities.reopen) && <After request={request} />}
    </Notice>
  );
}

function After({ request }: { request: PartnerRequest }) {
  const { t } = useTranslation("request");
  const [asked, setAsked] = useState(false);
  const closing = useAct(() => close(request), t("close.done"));
  const reopening = useAct((message: string) => reopen(request, message), t("reopen.done"), () => setAsked(false));
  return (
    <div className="no-print">
      <ProblemSummary problem={closing.problem} />
      <Group gap="xs" mt="sm">
        {request.abilities.close && (
          <Button loading={closing.isPending} onClick={() => closing.mutate(undefined)}>
            {t("close.act")}
          </Button>
        )}
        {request.abilities.reopen && (
          <Button variant="default" onClick={() => setAsked(true)}>
            {t("reopen.act")}
          </Button>
        )}
      </Group>
      {asked && (
        <WordsDialog
          required
          title={t("reopen.title")}
          confirm={t("reopen.confirm")}
          label={t("reopen.why")}
          personId={request.person?.id}
          pending={reopening.isPending}
          problem={reopening.problem}
          onConfirm={(message) => message && reopening.mutate(message)}
          onClose={() => setAsked(false)}
        >
          <p>{t("reopen.detail")}</p>
        </WordsDialog>
      )}
    </div>
  );
}
