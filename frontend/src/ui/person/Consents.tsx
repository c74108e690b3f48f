import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { IconFileDownload, IconHandStop } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { type Consent, consentReceipt, consents, type Side } from "../../api/consents";
import { savePdf } from "../../api/letters";
import { useCode } from "../../i18n/use-code";
import { formatDay } from "../../lib/dates";
import { asProblem } from "../../lib/problem";
import { Notice } from "../Notice";
import { Panel } from "../Panel";
import { ProblemScreen } from "../ProblemScreen";
import { ProblemSummary } from "../ProblemSummary";
import classes from "./Consents.module.css";
import { WithdrawConsent } from "./WithdrawConsent";

type Props = { side: Side; requestId: string };

/** On what a request rests: told what, for what, to whom, until when; and that it was taken back, if it was. */
export function Consents({ side, requestId }: Props) {
  const { t } = useTranslation("person");
  const query = useQuery(consents(side, requestId));
  if (query.isPending || query.data?.length === 0) return null;
  return (
    <Panel title={t("consent.title")}>
      {query.isError && <ProblemScreen error={query.error} retry={() => void query.refetch()} />}
      {query.data?.map((consent) => (
        <Agreement key={consent.id} side={side} consent={consent} />
      ))}
    </Panel>
  );
}

function Agreement({ side, consent }: { side: Side; consent: Consent }) {
  const { t } = useTranslation("person");
  const code = useCode();
  const [asked, setAsked] = useState(false);
  const facts: [string, string][] = [
    [t("consent.scope"), code("consent_scope", consent.scope)],
    [t("consent.purpose"), code("request_kind", consent.purpose)],
    [t("consent.recipient"), consent.recipient_name],
    [t("consent.given"), t("consent.given_how", { day: formatDay(consent.informed_on), how: code("agreement_channel", consent.channel).toLocaleLowerCase("fr") })],
    ...(consent.state === "withdrawn" ? [] : [[t("consent.until"), formatDay(consent.expires_on)] as [string, string]]),
  ];
  return (
    <>
      <Ended side={side} consent={consent} />
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <details className={classes.details}>
        <summary>{t("consent.told")}</summary>
        {consent.told.map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
        <p className={classes.quiet}>{t("consent.version", { version: consent.statement_version })}</p>
      </details>
      {consent.abilities.withdraw && (
        <Button
          variant="default"
          className="no-print"
          leftSection={<IconHandStop size={18} aria-hidden />}
          onClick={() => setAsked(true)}
        >
          {t("consent.withdraw")}
        </Button>
      )}
      {asked && <WithdrawConsent side={side} consent={consent} onClose={() => setAsked(false)} />}
    </>
  );
}

function Ended({ side, consent }: { side: Side; consent: Consent }) {
  const { t } = useTranslation("person");
  const code = useCode();
  const print = useMutation({ mutationFn: () => savePdf(consentReceipt(side, consent.id), t("consent.receipt_file")) });
  if (consent.state === "expired") {
    return (
      <div className={classes.ended}>
        <Notice tone="turn" title={t("consent.expired", { day: formatDay(consent.expires_on) })}>
          <p>{t("consent.expired_detail")}</p>
        </Notice>
      </div>
    );
  }
  if (!consent.withdrawn_on || !consent.withdrawn_channel || !consent.effect) return null;
  const how = code("agreement_channel", consent.withdrawn_channel).toLocaleLowerCase("fr");
  return (
    <div className={classes.ended}>
      <ProblemSummary problem={print.error && asProblem(print.error)} />
      <Notice tone="danger" title={t("consent.withdrawn", { day: formatDay(consent.withdrawn_on), how })}>
        <p>{t(`consent.effect.${consent.effect}`)}</p>
        <Button
          variant="default"
          className="no-print"
          leftSection={<IconFileDownload size={18} aria-hidden />}
          loading={print.isPending}
          onClick={() => print.mutate()}
        >
          {t("consent.receipt")}
        </Button>
      </Notice>
    </div>
  );
}
