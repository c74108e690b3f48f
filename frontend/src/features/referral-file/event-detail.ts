import { useTranslation } from "react-i18next";

import type { Schemas } from "../../api/client";
import { type CodeList, useCode } from "../../i18n/use-code";
import { formatDay } from "../../lib/dates";

type Event = Schemas["AgentEvent"];

/** In which closed list the reason of a step is found: the same code means another thing in another list. */
const reasons: Partial<Record<Event["event"], CodeList>> = {
  refuse: "refusal_reason",
  reject: "rejection_reason",
  answer: "answer_outcome",
  close: "request_closing_reason",
  withdraw: "withdrawal_reason",
};

/** Who did it, to whom, why: one line of words. */
export function useEventDetail(nameOf: (id: string | null) => string | undefined): (event: Event) => string {
  const { t } = useTranslation("referral-file");
  const code = useCode();
  return (event) => {
    const list = reasons[event.event];
    return [
      nameOf(event.actor) ?? (event.side === "system" ? code("side", "system") : null),
      event.assignee && event.assignee !== event.actor && t("event.to", { name: nameOf(event.assignee) ?? "…" }),
      list && event.reason && code(list, event.reason),
      event.items.map((item) => code("document_item", item)).join(", "),
      event.until_on && t("event.until", { date: formatDay(event.until_on) }),
      event.orientation && t("event.orientation", { where: code("orientation", event.orientation) }),
      event.target && code("redirect_target", event.target),
    ]
      .filter(Boolean)
      .join(" · ");
  };
}
