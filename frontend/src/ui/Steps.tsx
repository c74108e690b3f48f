import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import classes from "./Steps.module.css";

export type Step = { name: string; status: "done" | "current" | "todo" | "stopped" };

/** Where something stands along its way. Shape tells the state: tick, full dot, empty ring, cross. `fold`: on a phone only the present step is named. */
export function Steps({ label, steps, fold = false }: { label: string; steps: Step[]; fold?: boolean }) {
  const { t } = useTranslation();
  return (
    <ol className={classes.steps} aria-label={label} data-fold={fold || undefined}>
      {steps.map((step) => (
        <li key={step.name} data-status={step.status} aria-current={step.status === "current" ? "step" : undefined}>
          <span className={classes.mark} aria-hidden>
            {step.status === "done" && <IconCheck size={14} stroke={3} />}
            {step.status === "stopped" && "×"}
          </span>
          <span className={classes.name}>
            {step.name}
            <span className={classes.spoken}>{` (${t(`step.${step.status}`)})`}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
