import { Progress as Bar } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { isUnderWay, LETTERS, type Work } from "../../api/works";
import classes from "./WorkParts.module.css";

const outcomes = ["created", "updated", "unchanged", "faulty"] as const;

/** How far a work is, and what became of its rows, in words. */
export function Progress({ work }: { work: Work }) {
  const { t } = useTranslation("works");
  const isMoving = isUnderWay(work);
  const context = work.kind === LETTERS ? "letters" : undefined;
  const counted = outcomes.filter((outcome) => (work.counts[outcome] ?? 0) > 0);
  return (
    <div className={classes.progress}>
      {isMoving && work.total !== null && (
        <Bar.Root size="lg" transitionDuration={0}>
          <Bar.Section value={(100 * work.done) / Math.max(work.total, 1)} aria-label={t("progress")} />
        </Bar.Root>
      )}
      {isMoving && (
        <span className="figures">
          {work.total === null ? t("rows", { count: work.done, context }) : t("done_of", { done: work.done, total: work.total })}
        </span>
      )}
      {!isMoving && counted.length === 0 && work.state !== "prepared" && work.state !== "failed" && work.state !== "revoked" && (
        <span className="figures">{t("rows", { count: work.done, context })}</span>
      )}
      {!isMoving && counted.map((outcome) => <span key={outcome}>{t(`outcome.${outcome}`, { count: work.counts[outcome], context })}</span>)}
      {work.problem && <span>{work.problem}</span>}
    </div>
  );
}
