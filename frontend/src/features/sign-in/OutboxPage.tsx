import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { demonstrationOutbox } from "../../api/demonstration";
import { formatInstant } from "../../lib/dates";
import { EmptyState } from "../../ui/EmptyState";
import { PageTitle } from "../../ui/PageTitle";
import { Panel } from "../../ui/Panel";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { Waiting } from "../../ui/Waiting";
import classes from "./DemonstrationAccounts.module.css";

/** Demonstration settings only: the e-mails that would have left. */
export default function OutboxPage() {
  const { t } = useTranslation("sign-in");
  const query = useQuery(demonstrationOutbox());
  return (
    <>
      <PageTitle below={t("outbox.detail")}>{t("outbox.title")}</PageTitle>
      <p>
        <Link to="/connexion">{t("outbox.back")}</Link>
      </p>
      {query.isPending && <Waiting rows={6} />}
      {query.isError && <ProblemScreen error={query.error} retry={() => void query.refetch()} back="/connexion" />}
      {query.data?.length === 0 && <EmptyState title={t("outbox.none")} />}
      {query.data?.map((mail) => (
        <Panel key={`${mail.at} ${mail.to} ${mail.subject}`} title={mail.subject} className={classes.mail}>
          <p>{t("outbox.to", { to: mail.to, when: formatInstant(mail.at) })}</p>
          <pre className={classes.text}>{mail.text}</pre>
        </Panel>
      ))}
    </>
  );
}
