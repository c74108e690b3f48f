import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { useCode } from "../../i18n/use-code";
import { queues } from "./api";
import classes from "./Queues.module.css";

/** How much waits, how much is late, how long answers take. */
export function QueueFacts() {
  const { t } = useTranslation("queues");
  const code = useCode();
  const state = useQuery(queues());
  return state.data?.items.map((one) => {
    const delay = one.delays[0];
    return (
      <span key={one.queue} className={classes.facts}>
        <strong>{code("queue", one.queue)}</strong>
        <span>{t("waiting", { count: one.waiting.count })}</span>
        {one.overdue.count > 0 && <span>{t("overdue", { count: one.overdue.count })}</span>}
        {delay && (
          <span>
            {t("target", { count: delay.target_days })}
            {delay.observed_days !== null && `, ${t("observed", { count: Math.round(delay.observed_days) })}`}
          </span>
        )}
      </span>
    );
  });
}
