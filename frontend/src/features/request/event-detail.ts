import { useTranslation } from "react-i18next";

import { useCode } from "../../i18n/use-code";
import { formatDay } from "../../lib/dates";
import type { PartnerRequest } from "./api";

export type Event = PartnerRequest["timeline"][number];

/** What a step came to, what is missing and until when: one line of words. */
export function useEventDetail(): (event: Event) => string {
  const { t } = useTranslation("request");
  const code = useCode();
  return (event) =>
    [
      event.outcome ? code("answer_outcome", event.outcome) : event.reason ? code("public_reason", event.reason) : event.reason_label,
      event.items.map((item) => code("document_item", item)).join(", "),
      event.until_on && t("event.until", { date: formatDay(event.until_on) }),
      event.orientation && t("answer.orientation", { where: code("orientation", event.orientation) }),
      event.target && code("redirect_target", event.target),
    ]
      .filter(Boolean)
      .join(" · ");
}
