import { Button, Group, Stack } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useLocation, useParams } from "react-router";

import { type RequestKind, startPaths } from "../../api/forms";
import { formatDay, formatRelative } from "../../lib/dates";
import { Notice } from "../../ui/Notice";
import { PageTitle } from "../../ui/PageTitle";
import { Panel } from "../../ui/Panel";
import type { FiledReceipt } from "./api";
import { FormSteps } from "./FormSteps";
import { sendingVoiceOf } from "./kinds";
import classes from "./RequestForm.module.css";

export type Sent = { receipt: FiledReceipt; kind: RequestKind };

/** Sent: the number, what happens next, by when. */
export default function SentPage() {
  const { t } = useTranslation("request-form");
  const { requestId = "" } = useParams();
  const sent = useLocation().state as Sent | null;
  if (!sent) return <Navigate to={`/demandes/${requestId}`} replace />;
  const { receipt, kind } = sent;
  const voice = sendingVoiceOf(kind);
  return (
    <div className={classes.column}>
      <FormSteps kind={kind} current="sent" />
      <PageTitle>{t(`sent.title_of.${voice}`)}</PageTitle>
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
            <li>{t(`sent.review_of.${voice}`, { date: formatDay(receipt.due_on), when: formatRelative(receipt.due_on) })}</li>
            <li>{t(`sent.call_of.${voice}`)}</li>
            <li>{t(`sent.told_of.${voice}`)}</li>
          </ol>
        </Panel>
        <Group gap="xs" className="no-print">
          <Button component={Link} to={`/demandes/${requestId}`} leftSection={<IconCircleCheck size={20} aria-hidden />}>
            {t("sent.see")}
          </Button>
          <Button component={Link} to={startPaths[kind]} variant="default">
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
