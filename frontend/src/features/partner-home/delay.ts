import { useTranslation } from "react-i18next";

import type { RequestKind } from "../../api/forms";
import type { Home } from "./api";

/** How long an answer of a kind takes: what was observed lately, else what the caisse aims at; null while unknown. */
export function useDelay(delays: Home["delays"] | undefined): (kind: RequestKind) => string | null {
  const { t } = useTranslation("partner-home");
  return (kind) => {
    const found = delays?.find((delay) => delay.kind === kind);
    if (!found) return null;
    const { observed_days, target_days } = found;
    return observed_days === null
      ? t("answers.target", { count: target_days })
      : t("answers.observed", { count: Math.round(observed_days) });
  };
}
