import { Button, Stack } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { IconFingerprint } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { asProblem } from "../../lib/problem";
import { createPasskey, passkeysAvailable } from "../../lib/webauthn";
import { Panel } from "../../ui/Panel";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { TotpSetup } from "../../ui/TotpSetup";
import { Waiting } from "../../ui/Waiting";
import { confirmTotp, enrolPasskey, enrolPasskeyOptions, startTotp } from "./api";
import classes from "./SignInPage.module.css";

type Props = { onCodes: (codes: string[]) => void };

export function Enrolment({ onCodes }: Props) {
  const { t } = useTranslation("sign-in");
  const start = useQuery(startTotp());
  const passkey = useMutation({
    mutationFn: async () => enrolPasskey(await createPasskey(await enrolPasskeyOptions()), t("invitation.passkey_label")),
    onSuccess: (answer) => onCodes(answer.recovery_codes),
  });
  return (
    <Stack gap="md">
      <p className={classes.hint}>{t("invitation.factor_detail")}</p>
      <Panel title={t("invitation.with_app")}>
        {start.isPending && <Waiting rows={3} height={64} />}
        {start.isError && <ProblemScreen error={start.error} retry={() => void start.refetch()} />}
        {start.data && (
          <TotpSetup
            start={start.data}
            confirm={t("invitation.confirm")}
            sendCode={async (code) => onCodes((await confirmTotp(code, t("invitation.app_label"))).recovery_codes)}
          />
        )}
      </Panel>
      {passkeysAvailable() && (
        <Panel title={t("invitation.with_passkey")}>
          <Stack gap="md" align="flex-start">
            <p className={classes.hint}>{t("invitation.passkey_detail")}</p>
            <ProblemSummary problem={passkey.error ? asProblem(passkey.error) : null} />
            <Button
              variant="default"
              loading={passkey.isPending}
              leftSection={<IconFingerprint size={20} aria-hidden />}
              onClick={() => passkey.mutate()}
            >
              {t("invitation.with_passkey")}
            </Button>
          </Stack>
        </Panel>
      )}
    </Stack>
  );
}
