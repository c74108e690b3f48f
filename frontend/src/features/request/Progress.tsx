import { useTranslation } from "react-i18next";

import { type Step, Steps } from "../../ui/Steps";
import type { PartnerRequest } from "./api";
import classes from "./Request.module.css";

const stops = ["not_taken_on", "redirected", "withdrawn", "expired", "entered_in_error"] as const;
const ends = ["taken_on", "answered", "closed"] as const;

/** Received, under review, answered: where the request stands, in three words. */
export function Progress({ request }: { request: PartnerRequest }) {
  const { t } = useTranslation("request");
  const { state } = request;
  const reviewed = request.timeline.some((event) => event.state === "under_review");
  const stopped = stops.find((one) => one === state);
  const ended = ends.find((one) => one === state);
  const isWaiting = state === "waiting_partner";
  const steps: Step[] = [
    { name: t("progress.received"), status: state === "received" ? "current" : "done" },
    {
      name: t(isWaiting ? "progress.waiting_partner" : "progress.under_review"),
      status: state === "under_review" || isWaiting ? "current" : ended || reviewed ? "done" : "todo",
    },
    {
      name: t(`progress.${stopped ?? ended ?? "answer"}`),
      status: stopped ? "stopped" : ended ? "done" : "todo",
    },
  ];
  return (
    <div className={classes.progress}>
      <Steps label={t("progress.label")} steps={steps} />
    </div>
  );
}
