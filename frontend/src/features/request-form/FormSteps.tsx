import { useTranslation } from "react-i18next";

import type { RequestKind } from "../../api/forms";
import { type Step, Steps } from "../../ui/Steps";
import classes from "./RequestForm.module.css";
import { type StepName, stepNames } from "./steps";

type Props = { kind: RequestKind; current: StepName | "sent" };

export function FormSteps({ kind, current }: Props) {
  const { t } = useTranslation("request-form");
  const names = [...stepNames, "sent"] as const;
  const here = names.indexOf(current);
  const steps = names.map((name, index): Step => {
    const isOver = index < here || current === "sent";
    const called = name === "situation" ? t(`steps.situation_of.${kind}`) : t(`steps.${name}`);
    return { name: called, status: isOver ? "done" : index === here ? "current" : "todo" };
  });
  return (
    <div className={`${classes.steps} no-print`}>
      <Steps label={t("steps.label")} steps={steps} fold />
    </div>
  );
}
