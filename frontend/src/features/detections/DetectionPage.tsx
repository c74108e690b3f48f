import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconArrowLeft } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { useCode } from "../../i18n/use-code";
import { formatDay } from "../../lib/dates";
import { formatPhone } from "../../lib/names";
import { Moment } from "../../ui/Day";
import { Notice } from "../../ui/Notice";
import { PageTitle } from "../../ui/PageTitle";
import { Panel } from "../../ui/Panel";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { Waiting } from "../../ui/Waiting";
import { AgreeForm } from "./AgreeForm";
import { type CallOutcome, type Detection, detection, logCall } from "./api";
import classes from "./Detections.module.css";
import { useAct } from "./use-act";

const unsettled = ["no_answer", "voicemail", "wrong_number", "call_back"] as const;

export default function DetectionPage() {
  const { detectionId = "" } = useParams();
  const { t } = useTranslation("detections");
  const code = useCode();
  const query = useQuery(detection(detectionId));
  if (query.isPending) return <Waiting rows={6} />;
  if (query.isError) return <ProblemScreen error={query.error} retry={() => void query.refetch()} />;
  const shown = query.data;
  return (
    <div className={`${classes.stack} ${classes.column}`}>
      <div>
        <Button component={Link} to="/detections" variant="subtle" leftSection={<IconArrowLeft size={18} aria-hidden />}>
          {t("list.title")}
        </Button>
        <PageTitle below={t("one.below", { campaign: shown.campaign_name, state: code("detection_state", shown.state) })}>
          {shown.person?.display_name ?? t("list.not_entrusted")}
        </PageTitle>
      </div>
      {shown.offer ? <Offer shown={shown} /> : <Over shown={shown} />}
      <Calls shown={shown} />
    </div>
  );
}

function Offer({ shown }: { shown: Detection }) {
  const { t } = useTranslation("detections");
  const code = useCode();
  const [agreed, setAgreed] = useState(false);
  const call = useAct((outcome: CallOutcome) => logCall(shown, outcome), t("one.logged"), () => undefined);
  if (agreed) return <AgreeForm shown={shown} onClose={() => setAgreed(false)} />;
  return (
    <Panel title={t("one.call")}>
      <div className={classes.stack}>
        <ProblemSummary problem={call.problem} />
        <div>
          {shown.phone && (
            <p className={`${classes.phone} figures`}>
              <a href={`tel:${shown.phone}`}>{formatPhone(shown.phone)}</a>
            </p>
          )}
          {shown.person && <p className={classes.quiet}>{t("list.born", { date: formatDay(shown.person.birth_on), city: shown.person.city ?? "–" })}</p>}
        </div>
        <p>{t("one.say")}</p>
        <div className={classes.acts}>
          <Button onClick={() => setAgreed(true)}>{t("one.agrees")}</Button>
          <Button variant="default" loading={call.isPending} onClick={() => call.mutate("declined")}>
            {t("one.declines")}
          </Button>
        </div>
        <div className={classes.acts} role="group" aria-label={t("one.not_settled")}>
          {unsettled.map((outcome) => (
            <Button key={outcome} variant="default" size="compact-md" disabled={call.isPending} onClick={() => call.mutate(outcome)}>
              {code("call_outcome", outcome)}
            </Button>
          ))}
        </div>
        <p className={classes.quiet}>{t("one.give_up", { done: shown.unreached, most: shown.calls_before_giving_up })}</p>
      </div>
    </Panel>
  );
}

function Over({ shown }: { shown: Detection }) {
  const { t } = useTranslation("detections");
  if (shown.state === "to_offer") return <Notice title={t("one.not_yours")}>{t("one.not_yours_detail")}</Notice>;
  return (
    <Notice
      tone={shown.state === "accepted" ? "done" : "info"}
      title={t(`over.${shown.state}`)}
      aside={
        shown.request_id && (
          <Button component={Link} to={`/files/${shown.request_id}`} variant="default">
            {t("over.see")}
          </Button>
        )
      }
    >
      {t("over.detail")}
    </Notice>
  );
}

function Calls({ shown }: { shown: Detection }) {
  const { t } = useTranslation("detections");
  const code = useCode();
  return (
    <Panel title={t("one.calls")}>
      {shown.calls.length === 0 ? (
        <p className={classes.quiet}>{t("list.never")}</p>
      ) : (
        <ol className={classes.calls}>
          {shown.calls.map((call) => (
            <li key={call.id}>
              <Moment value={call.at} withRelative={false} /> : {code("call_outcome", call.outcome)}
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
