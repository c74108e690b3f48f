import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconArrowLeft, IconPrinter, IconSend } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useParams } from "react-router";

import type { Schemas } from "../../api/client";
import { useDirectory } from "../../api/partners";
import { useCode } from "../../i18n/use-code";
import { ageOn, formatDay } from "../../lib/dates";
import { Clock } from "../../ui/Clock";
import { DocumentsPanel } from "../../ui/documents/Documents";
import { FormView } from "../../ui/FormView";
import { KindWord } from "../../ui/KindWord";
import { Notice } from "../../ui/Notice";
import { PageTitle } from "../../ui/PageTitle";
import { Panel } from "../../ui/Panel";
import { Consents } from "../../ui/person/Consents";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { StateTag } from "../../ui/StateTag";
import { Waiting } from "../../ui/Waiting";
import { Acts } from "./Acts";
import { type AgentRequest, request } from "./api";
import { Exchanges } from "./Exchanges";
import { Letters } from "./Letters";
import { BeforeCalling, PersonPanel } from "./PersonPanel";
import classes from "./ReferralFile.module.css";

export default function ReferralFilePage() {
  const { requestId = "" } = useParams();
  const { t } = useTranslation("referral-file");
  const { search } = useLocation();
  const query = useQuery(request(requestId));
  return (
    <>
      <Link to={`/files${search}`} className={`${classes.back} no-print`}>
        <IconArrowLeft size={18} aria-hidden />
        {t("back")}
      </Link>
      {query.isPending && <Waiting rows={10} />}
      {query.isError && <ProblemScreen error={query.error} retry={() => void query.refetch()} back="/files" />}
      {query.data && <ReferralFile key={requestId} shown={query.data} />}
    </>
  );
}

function ReferralFile({ shown }: { shown: AgentRequest }) {
  const { t } = useTranslation("referral-file");
  const code = useCode();
  const names = useDirectory([shown.structure_id, shown.assigned_to, shown.author, ...shown.timeline.map((one) => one.actor)]);
  const nameOf = (id: string | null) => (id ? names.get(id)?.name : undefined);
  const { person } = shown;
  const who = person ? t("who", { name: person.display_name, age: ageOn(person.birth_on) }) : t("not_entrusted");
  return (
    <>
      <PageTitle
        below={
          <span className={classes.facts}>
            <StateTag state={shown.state as Schemas["RequestState"]} />
            {shown.decided_at === null && shown.coarse !== "waiting_partner" && (
              <Clock dueOn={shown.due_on} workingDaysLeft={shown.working_days_left} overdue={shown.overdue} />
            )}
            {shown.coarse === "waiting_partner" && shown.lapses_on && (
              <span>{t("lapses", { date: formatDay(shown.lapses_on) })}</span>
            )}
            <KindWord kind={shown.kind} urgent={shown.urgent} />
            <span className="figures">{shown.number}</span>
            <span>{shown.assigned_to ? t("assigned", { name: nameOf(shown.assigned_to) ?? "…" }) : t("unassigned")}</span>
          </span>
        }
        aside={
          <Group gap="xs">
            {person && (
              <Button
                component={Link}
                to={`/files/${shown.id}/transmis`}
                variant="subtle"
                leftSection={<IconSend size={20} aria-hidden />}
              >
                {t("transmitted")}
              </Button>
            )}
            <Button
              variant="subtle"
              leftSection={<IconPrinter size={20} aria-hidden />}
              onClick={() => window.print()}
            >
              {t("print")}
            </Button>
          </Group>
        }
      >
        {who}
      </PageTitle>
      <Acts shown={shown} />
      {shown.kind === "misas_referral" && shown.detector_trained === false && (
        <div className={classes.gap}>
          <Notice tone="turn" title={t("untrained_title")}>
            <p>{t("untrained")}</p>
          </Notice>
        </div>
      )}
      <div className={classes.columns}>
        <div className={classes.stack}>
          <Panel title={code("request_kind", shown.kind)} aside={<Sender shown={shown} structure={nameOf(shown.structure_id)} />}>
            {shown.form ? <FormView form={shown.form} part="situation" /> : <p className={classes.quiet}>{t("withheld")}</p>}
          </Panel>
          <Exchanges shown={shown} nameOf={nameOf} />
          {shown.kind === "misas_referral" && <Letters shown={shown} structure={nameOf(shown.structure_id)} />}
        </div>
        <div className={classes.stack}>
          <PersonPanel personId={shown.person_id} card={person} />
          <Consents side="agent" requestId={shown.id} />
          <DocumentsPanel side="agent" requestId={shown.id} />
          {shown.form && (
            <Panel title={t("form.agreement")}>
              {person && <BeforeCalling personId={shown.person_id} />}
              <FormView form={shown.form} part="agreement" />
            </Panel>
          )}
        </div>
      </div>
    </>
  );
}

function Sender({ shown, structure }: { shown: AgentRequest; structure: string | undefined }) {
  const { t } = useTranslation("referral-file");
  return <span className={classes.quiet}>{shown.structure_id ? t("form.by", { name: structure ?? "…" }) : t("form.by_caisse")}</span>;
}
