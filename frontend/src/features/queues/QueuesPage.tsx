import { useMediaQuery } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { Outlet, useParams } from "react-router";

import { PageTitle } from "../../ui/PageTitle";
import { QueueFacts } from "./QueueFacts";
import classes from "./Queues.module.css";
import { QueueList } from "./QueueList";

/** List and file side by side from 1280 px; below, the list folds above the file. */
export default function QueuesPage() {
  const { t } = useTranslation("queues");
  const { requestId } = useParams();
  const wide = useMediaQuery("(min-width: 80em)");
  if (!requestId) {
    return (
      <>
        <PageTitle below={<QueueFacts />}>{t("title")}</PageTitle>
        <QueueList />
      </>
    );
  }
  return (
    <div className={classes.split}>
      {wide ? (
        <aside className={`${classes.aside} no-print`} aria-label={t("title")}>
          <QueueList current={requestId} narrow />
        </aside>
      ) : (
        <details className={`${classes.folded} no-print`}>
          <summary>{t("unfold")}</summary>
          <QueueList current={requestId} narrow />
        </details>
      )}
      <div className={classes.file}>
        <Outlet />
      </div>
    </div>
  );
}
