import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { isUnderWay, type Side, type Work } from "../../api/works";
import { Notice } from "../../ui/Notice";
import { Panel } from "../../ui/Panel";
import { Progress } from "../../ui/works/Progress";
import { WorkActs } from "../../ui/works/WorkActs";
import classes from "./Works.module.css";
import { WorkTag } from "../../ui/works/WorkTag";

/** The import under way, then what it gave. */
export function ResultStep({ work, side, onAgain }: { work: Work; side: Side; onAgain: () => void }) {
  const { t } = useTranslation("works");
  const isMoving = isUnderWay(work);
  return (
    <div className={classes.form}>
      <Panel title={t("import")} aside={<WorkTag state={work.state} />}>
        <div className={classes.stack}>
          <Progress work={work} />
          {isMoving && <p>{t("may_leave")}</p>}
          <WorkActs work={work} side={side} inPlace />
        </div>
      </Panel>
      {work.state === "done" && (
        <Notice tone="done" role="status" title={t("over")}>
          {t((work.counts.faulty ?? 0) > 0 ? "over_faulty" : "over_all")}
        </Notice>
      )}
      <div className={classes.acts}>
        <Button component={Link} to="/travaux" variant="default">
          {t("all")}
        </Button>
        {!isMoving && (
          <Button variant="default" onClick={onAgain}>
            {t("again")}
          </Button>
        )}
      </div>
    </div>
  );
}
