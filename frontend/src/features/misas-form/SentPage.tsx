import { Button, Group, Stack } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useLocation, useParams } from "react-router";

import { formatDay, formatRelative } from "../../lib/dates";
import { Notice } from "../../ui/Notice";
import { PageTitle } from "../../ui/PageTitle";
import { Panel } from "../../ui/Panel";
import type { FiledReceipt } from "./api";
import { FormSteps } from "./FormSteps";
import classes from "./MisasForm.module.css";

/** Sent: the number, what happens next, by when. */
export default function SentPage() {
  const { t } = useTranslation("misas-form");
  const { requestId = "" } = useParams();
  const receipt = useLocation().state as FiledReceipt | null;
  if (!receipt) return <Navigate to={`/demandes/${requestId}`} replace />;
  return (
    <div className={classes.column}>
      <FormSteps current="sent" />
      <PageTitle>{t("sent.title")}</PageTitle>
      <Stack gap="lg">
        <Notice tone="done" title={t("sent.number_label")}>
          <p className={`${classes.sent} figures`}>{receipt.number}</p>
          <p>{t("sent.keep")}</p>
        </Notice>
        {receipt.warnings.map((warning) => (
          <Notice key={warning.field} tone="turn">
            <p>{warning.message}</p>
          </Notice>
        ))}
        <Panel title={t("sent.next")}>
          <ol>
            <li>{t("sent.review", { date: formatDay(receipt.due_on), when: formatRelative(receipt.due_on) })}</li>
            <li>{t("sent.call")}</li>
            <li>{t("sent.told")}</li>
          </ol>
        </Panel>
        <Group gap="xs" className="no-print">
          <Button component={Link} to={`/demandes/${requestId}`} leftSection={<IconCircleCheck size={20} aria-hidden />}>
            {t("sent.see")}
          </Button>
          <Button component={Link} to="/saisine" variant="default">
            {t("sent.another")}
          </Button>
          <Button component={Link} to="/accueil" variant="subtle">
            {t("sent.home")}
          </Button>
        </Group>
      </Stack>
    </div>
  );
}
