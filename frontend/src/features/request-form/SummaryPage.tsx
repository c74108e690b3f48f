import { Button, Group, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { IconArrowLeft, IconSend } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";

import { partnerStructure } from "../../api/partners";
import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { Confirm } from "../../ui/Confirm";
import { Notice } from "../../ui/Notice";
import { PageTitle } from "../../ui/PageTitle";
import { discardDraft, submitDraft } from "./api";
import { useDraft } from "./draft-context";
import { FormSteps } from "./FormSteps";
import classes from "./RequestForm.module.css";
import { sendingVoiceOf } from "./kinds";
import { MakeOrdinary } from "./MakeOrdinary";
import { Recap } from "./Recap";
import { RefusedSending } from "./RefusedSending";
import type { Sent } from "./SentPage";
import { pathOf } from "./steps";

export default function SummaryPage() {
  const { t } = useTranslation("request-form");
  const { t: common } = useTranslation();
  const navigate = useNavigate();
  const { request, form, problem, warnings, saver } = useDraft();
  const structure = useQuery(partnerStructure());
  const send = useMutation({
    mutationFn: async () => {
      await saver.flush();
      return submitDraft(request.id, saver.snapshot().version);
    },
    onSuccess: (receipt) => navigate(`/saisine/${request.id}/envoyee`, { state: { receipt, kind: form.kind } satisfies Sent, replace: true }),
    onError: (error) => saver.refused(asProblem(error)),
  });
  const notMedical = [...new Set(warnings.map((one) => one.message))];
  return (
    <div className={classes.column}>
      <FormSteps kind={form.kind} current="summary" />
      <PageTitle below={t(`summary.intro_of.${sendingVoiceOf(form.kind)}`, { caisse: structure.data?.caisse_name ?? t("summary.the_caisse") })}>
        {t("summary.title")}
      </PageTitle>
      <Stack gap="lg">
        <RefusedSending problem={problem} requestId={request.id} kind={form.kind} />
        {problem && form.kind === "urgent" && request.abilities.make_ordinary && <MakeOrdinary isEnded={problem.rule === "LUP-07"} />}
        {notMedical.map((message) => (
          <Notice key={message} tone="turn" title={t("summary.warning")}>
            <p>{message}</p>
          </Notice>
        ))}
        <Recap request={request} form={form} />
        <div className={classes.bottom}>
          <Group gap="xs">
            <Button loading={send.isPending} leftSection={<IconSend size={20} aria-hidden />} onClick={() => send.mutate()}>
              {t(form.kind === "misas_referral" ? "summary.send_misas" : "summary.send")}
            </Button>
            <Button
              component={Link}
              to={pathOf(request.id, "documents")}
              variant="default"
              leftSection={<IconArrowLeft size={20} aria-hidden />}
            >
              {common("act.previous")}
            </Button>
          </Group>
          <Discard />
        </div>
      </Stack>
    </div>
  );
}

function Discard() {
  const { t } = useTranslation("request-form");
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { request, saver } = useDraft();
  const [asked, setAsked] = useState(false);
  const discard = useMutation({
    mutationFn: async () => {
      await saver.flush().catch(() => undefined);
      return discardDraft(request.id, saver.snapshot().version);
    },
    onSuccess: () => {
      announce(t("discard.done"));
      void queryClient.invalidateQueries({ queryKey: ["get", "/api/v1/referrals/partner/requests"] });
      void navigate("/demandes");
    },
  });
  return (
    <>
      <Button variant="subtle" color="red" onClick={() => setAsked(true)}>
        {t("discard.act")}
      </Button>
      <Confirm
        opened={asked}
        title={t("discard.title")}
        confirm={t("discard.act")}
        danger
        pending={discard.isPending}
        problem={discard.error && asProblem(discard.error)}
        onConfirm={() => discard.mutate()}
        onClose={() => setAsked(false)}
      >
        <p>{t("discard.detail")}</p>
      </Confirm>
    </>
  );
}
