import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { useActiveAccount } from "../../api/session";
import { useCode } from "../../i18n/use-code";
import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { MessageForm } from "../../ui/MessageForm";
import { Panel } from "../../ui/Panel";
import { Thread } from "../../ui/Thread";
import { type AgentRequest, markRead, postMessage, refreshRequests } from "./api";
import { useEventDetail } from "./event-detail";
import classes from "./ReferralFile.module.css";

type Props = { shown: AgentRequest; nameOf: (id: string | null) => string | undefined };

export function Exchanges({ shown, nameOf }: Props) {
  const { t } = useTranslation("referral-file");
  const code = useCode();
  const detail = useEventDetail(nameOf);
  const queryClient = useQueryClient();
  const account = useActiveAccount();
  const post = useMutation({
    mutationFn: ({ text, expects }: { text: string; expects: boolean }) => postMessage(shown.id, text, expects),
    onSuccess: () => {
      announce(t("exchanges.posted"));
      return refreshRequests(queryClient);
    },
  });
  const { mutate: read } = useMutation({ mutationFn: markRead, onSuccess: () => refreshRequests(queryClient) });
  const { id, unread } = shown;
  const isMine = shown.assigned_to === account;
  useEffect(() => {
    // Only the agent in charge reads for the caisse; a colleague's glance marks nothing.
    if (unread > 0 && isMine) read(id);
  }, [id, unread, isMine, read]);

  return (
    <Panel title={t("exchanges.title")}>
      {shown.withheld && <p className={classes.quiet}>{t("withheld")}</p>}
      <Thread
        own="caisse"
        messages={shown.messages}
        authorOf={(message) => nameOf(message.author) ?? code("side", message.side)}
        events={shown.timeline.map((event) => ({
          id: event.id,
          at: event.at,
          label: code("verb", event.event),
          detail: detail(event),
          text: event.message,
        }))}
      />
      {shown.abilities.write && (
        <div className={classes.write}>
          <MessageForm
            label={t("exchanges.label")}
            help={t("exchanges.help")}
            answerLabel={t("exchanges.expects")}
            pending={post.isPending}
            problem={post.error && asProblem(post.error)}
            onPost={(text, expects) => post.mutateAsync({ text, expects })}
          />
        </div>
      )}
    </Panel>
  );
}
