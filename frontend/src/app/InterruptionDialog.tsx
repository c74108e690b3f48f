import { Button, Modal, Stack } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api } from "../api/client";
import { stepUpByCode, stepUpByPasskey, stepUpPasskeyOptions, switchRole } from "../api/identity";
import { answerInterruption, type Interruption } from "../api/interruptions";
import { lastOpenSession } from "../api/last-session";
import { useMe } from "../api/partners";
import { type ActiveRole, keepSession, type SessionView } from "../api/session";
import { DemonstrationAccounts } from "../features/sign-in/DemonstrationAccounts";
import { DemonstrationCode } from "../features/sign-in/DemonstrationCode";
import { PasswordStep } from "../features/sign-in/PasswordStep";
import { SecondStep } from "../features/sign-in/SecondStep";
import { startAfresh } from "../lib/start-afresh";
import { SecondFactor } from "../ui/SecondFactor";

export default function InterruptionDialog({ kind }: { kind: Interruption }) {
  const { t } = useTranslation();
  const signIn = kind === "sign-in";
  return (
    <Modal
      opened
      onClose={() => answerInterruption(false)}
      withCloseButton={!signIn}
      closeOnClickOutside={!signIn}
      closeOnEscape={!signIn}
      closeButtonProps={{ "aria-label": t("act.close") }}
      title={t(signIn ? "interruption.sign_in_title" : "interruption.step_up_title")}
    >
      <Stack gap="md">
        <p style={{ margin: 0 }}>{t(signIn ? "interruption.sign_in_detail" : "interruption.step_up_detail")}</p>
        {signIn ? <SignInAgain /> : <StepUp />}
      </Stack>
    </Modal>
  );
}

function StepUp() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const factors = useQuery(api.queryOptions("get", "/api/v1/gateway/me/factors"));
  const kinds = factors.data?.items.map((factor) => factor.kind) ?? ["totp"];
  const passed = (session: SessionView) => {
    keepSession(queryClient, session);
    answerInterruption(true);
  };
  const sendCode = async (code: string) => passed(await stepUpByCode(code));
  const before = lastOpenSession();
  return (
    <SecondFactor
      factors={kinds}
      confirm={t("factor.confirm")}
      sendCode={sendCode}
      passkeyOptions={stepUpPasskeyOptions}
      sendPasskey={async (credential) => passed(await stepUpByPasskey(credential))}
    >
      {before?.demonstration && before.active && <StepUpInDemonstration active={before.active} sendCode={sendCode} />}
    </SecondFactor>
  );
}

type DemonstrationProps = { active: ActiveRole; sendCode: (code: string) => Promise<unknown> };

function StepUpInDemonstration({ active, sendCode }: DemonstrationProps) {
  const known = useMe(active);
  return known ? <DemonstrationCode email={known.email} sendCode={sendCode} /> : null;
}

function SignInAgain() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [second, setSecond] = useState<SessionView | null>(null);

  async function passed(session: SessionView) {
    if (session.state !== "open") {
      setSecond(session);
      return;
    }
    const before = lastOpenSession();
    if (before && before.account_id !== session.account_id) {
      // Somebody else: nothing of the first person may stay on the screen.
      startAfresh();
      return;
    }
    const role = before?.active?.assignment_id;
    const view = role && role !== session.active?.assignment_id ? await switchRole(role) : session;
    keepSession(queryClient, view);
    answerInterruption(true);
  }

  return (
    <>
      {second ? (
        <SecondStep factors={second.factors} onPassed={(view) => void passed(view)} onRestart={() => setSecond(null)} />
      ) : (
        <PasswordStep onPassed={(view) => void passed(view)} />
      )}
      {lastOpenSession()?.demonstration && <DemonstrationAccounts onPassed={(view) => void passed(view)} />}
      <Button variant="subtle" onClick={() => window.location.assign("/connexion")}>
        {t("interruption.leave")}
      </Button>
    </>
  );
}
