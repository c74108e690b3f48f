import { useTranslation } from "react-i18next";

import { type Step, Steps } from "../../ui/Steps";
import classes from "./MisasForm.module.css";
import { type StepName, stepNames } from "./steps";

export function FormSteps({ current }: { current: StepName | "sent" }) {
  const { t } = useTranslation("misas-form");
  const names = [...stepNames, "sent"] as const;
  const here = names.indexOf(current);
  const steps = names.map((name, index): Step => {
    const isOver = index < here || current === "sent";
    return { name: t(`steps.${name}`), status: isOver ? "done" : index === here ? "current" : "todo" };
  });
  return (
    <div className={`${classes.steps} no-print`}>
      <Steps label={t("steps.label")} steps={steps} fold />
    </div>
  );
}
