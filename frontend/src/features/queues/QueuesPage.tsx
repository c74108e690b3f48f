import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconPhoneCall } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, Outlet, useParams } from "react-router";

import { useActive } from "../../api/active";
import { isDesk } from "../../api/partners";
import { PageTitle } from "../../ui/PageTitle";
import { QueueFacts } from "./QueueFacts";
import classes from "./Queues.module.css";
import { QueueList } from "./QueueList";

/** List and file side by side from 1280 px; below, the list folds above the file. */
export default function QueuesPage() {
  const { t } = useTranslation("queues");
  const { requestId } = useParams();
  const { role } = useActive();
  const proposes = role === "conseiller_misas" || isDesk(role);
  const wide = useMediaQuery("(min-width: 80em)");
  if (!requestId) {
    return (
      <>
        <PageTitle
          below={<QueueFacts />}
          aside={
            proposes && (
              <Button component={Link} to="/detections" variant="default" leftSection={<IconPhoneCall size={18} aria-hidden />}>
                {t("detections")}
              </Button>
            )
          }
        >
          {t("title")}
        </PageTitle>
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
