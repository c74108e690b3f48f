import { Button, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { keepSession, type SessionView, useSession } from "../../api/session";
import { formatInstant } from "../../lib/dates";
import { asProblem, fieldErrors } from "../../lib/problem";
import { Notice } from "../../ui/Notice";
import { PageTitle } from "../../ui/PageTitle";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { RecoveryCodes } from "../../ui/RecoveryCodes";
import { Steps } from "../../ui/Steps";
import { Waiting } from "../../ui/Waiting";
import { acceptInvitation, openInvitation } from "./api";
import { Enrolment } from "./Enrolment";
import { useLinkToken } from "./link-token";
import { NewPassword } from "./NewPassword";
import classes from "./SignInPage.module.css";

/** First connection: password, second protection, recovery codes. */
export default function InvitationPage() {
  const { t } = useTranslation("sign-in");
  const token = useLinkToken();
  const session = useSession();
  const queryClient = useQueryClient();
  const [codes, setCodes] = useState<string[] | null>(null);

  const stage = codes ? 2 : session.state === "enrolment" ? 1 : 0;
  const names = [t("invitation.step_password"), t("invitation.step_factor"), t("invitation.step_codes")];
  const status = (index: number) => (index < stage ? "done" : index === stage ? "current" : "todo");

  function enter() {
    // A full load: nothing of the enrolment (secret, codes) stays in memory.
    window.location.assign("/");
  }

  return (
    <div className={classes.one}>
      <PageTitle>{[t("invitation.title"), t("invitation.factor_title"), t("second.recovery")][stage] ?? ""}</PageTitle>
      <Stack gap="lg">
        <Steps label={t("invitation.steps")} steps={names.map((name, index) => ({ name, status: status(index) }))} />
        {stage === 0 && !token && <Notice tone="danger" title={t("reset.no_token")} />}
        {stage === 0 && token && (
          <ChoosePassword token={token} onAccepted={(view) => keepSession(queryClient, view)} />
        )}
        {stage === 1 && <Enrolment onCodes={setCodes} />}
        {codes && <RecoveryCodes codes={codes} kept={t("invitation.enter")} onKept={enter} />}
      </Stack>
    </div>
  );
}

function ChoosePassword({ token, onAccepted }: { token: string; onAccepted: (session: SessionView) => void }) {
  const { t } = useTranslation("sign-in");
  const [password, setPassword] = useState("");
  const invitation = useQuery(openInvitation(token));
  const accept = useMutation({ mutationFn: () => acceptInvitation(token, password), onSuccess: onAccepted });
  const problem = accept.error ? asProblem(accept.error) : null;
  if (invitation.isPending) return <Waiting rows={2} />;
  if (invitation.isError) return <ProblemScreen error={invitation.error} back="/connexion" />;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        accept.mutate();
      }}
    >
      <Stack gap="md">
        <p className={classes.hint}>
          {t("invitation.for", {
            email: invitation.data.email_masked,
            until: formatInstant(invitation.data.expires_at),
          })}
        </p>
        <ProblemSummary problem={problem} fields={{ password: t("new_password.label") }} />
        <NewPassword
          id="password"
          label={t("new_password.label")}
          value={password}
          error={fieldErrors(problem).password}
          onChange={setPassword}
        />
        <Button type="submit" loading={accept.isPending}>
          {t("invitation.submit")}
        </Button>
      </Stack>
    </form>
  );
}
