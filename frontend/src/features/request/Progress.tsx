import { useTranslation } from "react-i18next";

import { type Step, Steps } from "../../ui/Steps";
import type { PartnerRequest } from "./api";
import classes from "./Request.module.css";

/** Received, under review, answered: where the request stands, in three words. */
export function Progress({ request }: { request: PartnerRequest }) {
  const { t } = useTranslation("request");
  const { state } = request;
  const reviewed = request.timeline.some((event) => event.state === "under_review");
  const answered = state === "taken_on";
  const stopped = ["not_taken_on", "redirected", "withdrawn", "expired"].includes(state);
  const steps: Step[] = [
    { name: t("progress.received"), status: state === "received" ? "current" : "done" },
    {
      name: t("progress.under_review"),
      status: state === "under_review" ? "current" : answered || reviewed ? "done" : "todo",
    },
    {
      name: t(stopped ? `progress.${state as "not_taken_on"}` : answered ? "progress.taken_on" : "progress.answer"),
      status: stopped ? "stopped" : answered ? "done" : "todo",
    },
  ];
  return (
    <div className={classes.progress}>
      <Steps label={t("progress.label")} steps={steps} />
    </div>
  );
}
