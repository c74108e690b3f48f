import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { useCode } from "../../i18n/use-code";
import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { MessageForm } from "../../ui/MessageForm";
import { Panel } from "../../ui/Panel";
import { Thread } from "../../ui/Thread";
import { markRead, type PartnerRequest, postMessage, refreshRequests } from "./api";
import { useEventDetail } from "./event-detail";
import classes from "./Request.module.css";

export function Exchanges({ request }: { request: PartnerRequest }) {
  const { t } = useTranslation("request");
  const code = useCode();
  const detail = useEventDetail();
  const queryClient = useQueryClient();
  const post = useMutation({
    mutationFn: (text: string) => postMessage(request.id, text),
    onSuccess: () => {
      announce(t("exchanges.posted"));
      return refreshRequests(queryClient);
    },
  });
  const { mutate: read } = useMutation({
    mutationFn: markRead,
    onSuccess: () => refreshRequests(queryClient),
  });
  const { id, unread } = request;
  useEffect(() => {
    // Seeing the thread is reading it: the act has no button of its own.
    if (unread > 0) read(id);
  }, [id, unread, read]);

  return (
    <Panel title={t("exchanges.title")}>
      <Thread
        own="partner"
        messages={request.messages}
        authorOf={(message) => t(message.side === "partner" ? "exchanges.us" : "exchanges.caisse")}
        events={request.timeline.map((event) => ({
          id: event.id,
          at: event.at,
          label: code("verb", event.event),
          detail: detail(event),
          text: event.message,
        }))}
      />
      {request.abilities.write ? (
        <div className={classes.write}>
          <MessageForm
            label={t("exchanges.label")}
            help={t("exchanges.help")}
            personId={request.person?.id}
            pending={post.isPending}
            problem={post.error && asProblem(post.error)}
            onPost={(text) => post.mutateAsync(text)}
          />
        </div>
      ) : (
        <p className={classes.closed}>{t("exchanges.closed")}</p>
      )}
    </Panel>
  );
}
