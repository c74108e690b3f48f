import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";
import { formatInstant, formatRelative } from "../lib/dates";
import classes from "./Thread.module.css";

export type ThreadEvent = { id: string; at: string; label: string; detail?: string | null; text?: string | null };

type Props = {
  messages: readonly Schemas["Message"][];
  events: readonly ThreadEvent[];
  /** On which side the reader stands: the reader's own messages are to the right. */
  own: "partner" | "caisse";
  authorOf: (message: Schemas["Message"]) => string;
};

/** Events and messages in the order they came, the latest last. */
export function Thread({ messages, events, own, authorOf }: Props) {
  const { t } = useTranslation();
  const end = useRef<HTMLLIElement>(null);
  const count = messages.length;
  const seen = useRef(count);
  useEffect(() => {
    // A message just posted comes into view; nothing moves when the page opens.
    if (count > seen.current) end.current?.scrollIntoView({ block: "nearest" });
    seen.current = count;
  }, [count]);
  const items = [
    ...events.map((event) => ({ at: event.at, event, message: null })),
    ...messages.map((message) => ({ at: message.at, event: null, message })),
  ].sort((a, b) => a.at.localeCompare(b.at));
  return (
    <ol className={classes.thread} aria-label={t("thread.label")}>
      {items.map(({ event, message }, index) =>
        event ? (
          <li key={event.id} className={classes.event}>
            <span>
              <strong>{event.label}</strong> <When at={event.at} />
            </span>
            {event.detail && <p>{event.detail}</p>}
            {event.text && <blockquote className={classes.quote}>{event.text}</blockquote>}
          </li>
        ) : (
          <li
            key={message.id}
            ref={index === items.length - 1 ? end : undefined}
            className={classes.message}
            data-own={message.side === own || undefined}
          >
            <span className={classes.author}>
              {authorOf(message)} <When at={message.at} />
            </span>
            <p>{message.text}</p>
          </li>
        ),
      )}
    </ol>
  );
}

function When({ at }: { at: string }) {
  return (
    <time dateTime={at} title={formatInstant(at)} className={classes.when}>
      {formatInstant(at)} ({formatRelative(at)})
    </time>
  );
}
