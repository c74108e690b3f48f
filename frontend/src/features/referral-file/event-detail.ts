import { useTranslation } from "react-i18next";

import type { Schemas } from "../../api/client";
import { refusalReasonValues, withdrawalReasonValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";

type Event = Schemas["AgentEvent"];

/** Who did it, to whom, why: one line of words. */
export function useEventDetail(nameOf: (id: string | null) => string | undefined): (event: Event) => string {
  const { t } = useTranslation("referral-file");
  const code = useCode();
  return (event) => {
    const refusal = refusalReasonValues.find((one) => one === event.reason);
    const withdrawal = withdrawalReasonValues.find((one) => one === event.reason);
    return [
      nameOf(event.actor) ?? (event.side === "system" ? code("side", "system") : null),
      event.assignee && event.assignee !== event.actor && t("event.to", { name: nameOf(event.assignee) ?? "…" }),
      refusal && code("refusal_reason", refusal),
      withdrawal && code("withdrawal_reason", withdrawal),
      event.orientation && t("event.orientation", { where: code("orientation", event.orientation) }),
      event.target && code("redirect_target", event.target),
    ]
      .filter(Boolean)
      .join(" · ");
  };
}
