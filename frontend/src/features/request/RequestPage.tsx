import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconArrowLeft, IconPrinter } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useParams } from "react-router";

import { useCode } from "../../i18n/use-code";
import { formatDay } from "../../lib/dates";
import { DocumentsPanel } from "../../ui/documents/Documents";
import { PageTitle } from "../../ui/PageTitle";
import { Consents } from "../../ui/person/Consents";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { CoarseTag } from "../../ui/StateTag";
import { Waiting } from "../../ui/Waiting";
import { refreshRequests, request } from "./api";
import { Exchanges } from "./Exchanges";
import { Letters } from "./Letters";
import { Needs } from "./Needs";
import { PersonAndAgreement } from "./PersonAndAgreement";
import { Progress } from "./Progress";
import classes from "./Request.module.css";
import { Transmitted } from "./Transmitted";
import { Void } from "./Void";
import { Withdraw } from "./Withdraw";
import { YourTurn } from "./YourTurn";

export default function RequestPage() {
  const { t } = useTranslation("request");
  const code = useCode();
  const { requestId = "" } = useParams();
  const queryClient = useQueryClient();
  const query = useQuery(request(requestId));
  if (query.isPending) return <Waiting rows={8} />;
  if (query.isError) return <ProblemScreen error={query.error} retry={() => void query.refetch()} back="/demandes" />;
  const shown = query.data;
  if (shown.state === "draft") return <Navigate to={`/saisine/${shown.id}`} replace />;
  const { person } = shown;
  return (
    <>
      <Link to="/demandes" className={`${classes.back} no-print`}>
        <IconArrowLeft size={18} aria-hidden />
        {t("back")}
      </Link>
      <PageTitle
        below={
          <span className={classes.facts}>
            <CoarseTag state={shown.state} />
            {[code("request_kind", shown.kind), shown.urgent && shown.kind !== "urgent" && t("urgent"), person && t("born", { date: formatDay(person.birth_on) })]
              .filter(Boolean)
              .join(" · ")}
          </span>
        }
        aside={
          <>
            <Button variant="default" leftSection={<IconPrinter size={20} aria-hidden />} onClick={() => window.print()}>
              {t("print")}
            </Button>
            {shown.abilities.withdraw && <Withdraw request={shown} />}
            {shown.abilities.void && <Void request={shown} />}
          </>
        }
      >
        {[shown.number, person?.display_name].filter(Boolean).join(" · ") || t("title")}
      </PageTitle>
      <Progress request={shown} />
      <YourTurn request={shown} />
      <div className={classes.columns}>
        <Exchanges request={shown} />
        <div className={classes.side}>
          <div id="documents">
            <DocumentsPanel side="partner" requestId={shown.id} onSent={() => void refreshRequests(queryClient)} />
          </div>
          <Letters request={shown} />
          <Transmitted request={shown} />
          <PersonAndAgreement request={shown} />
          <Consents side="partner" requestId={shown.id} />
          {person && <Needs personId={person.id} />}
        </div>
      </div>
    </>
  );
}
