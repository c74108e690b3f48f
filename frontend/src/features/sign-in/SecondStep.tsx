import { Anchor, Button, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { signInByCode, signInByPasskey, signInByRecoveryCode, signInPasskeyOptions } from "../../api/identity";
import type { SessionView } from "../../api/session";
import { asProblem, type Problem } from "../../lib/problem";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { SecondFactor } from "../../ui/SecondFactor";

type Props = { factors: readonly string[]; onPassed: (session: SessionView) => void; onRestart?: () => void };

/** Second step: code, passkey or recovery code. */
export function SecondStep({ factors, onPassed, onRestart }: Props) {
  const { t } = useTranslation("sign-in");
  const [byRecovery, setByRecovery] = useState(false);
  return (
    <Stack gap="md">
      {byRecovery ? (
        <RecoveryForm onPassed={onPassed} />
      ) : (
        <SecondFactor
          factors={factors}
          confirm={t("second.submit")}
          sendCode={async (code) => onPassed(await signInByCode(code))}
          passkeyOptions={signInPasskeyOptions}
          sendPasskey={async (credential) => onPassed(await signInByPasskey(credential))}
        />
      )}
      <Anchor component="button" type="button" onClick={() => setByRecovery(!byRecovery)}>
        {byRecovery ? t("second.code_link") : t("second.recovery_link")}
      </Anchor>
      {onRestart && (
        <Anchor component="button" type="button" onClick={onRestart}>
          {t("second.restart")}
        </Anchor>
      )}
    </Stack>
  );
}

function RecoveryForm({ onPassed }: { onPassed: (session: SessionView) => void }) {
  const { t } = useTranslation("sign-in");
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [pending, setPending] = useState(false);
  async function submit() {
    setPending(true);
    setProblem(null);
    try {
      onPassed(await signInByRecoveryCode(code.trim()));
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setPending(false);
    }
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack gap="md">
        <ProblemSummary problem={problem} fields={{ code: t("second.recovery") }} />
        <TextInput
          id="code"
          label={t("second.recovery")}
          description={t("second.recovery_help")}
          value={code}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          autoFocus
          required
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button type="submit" loading={pending}>
          {t("second.submit")}
        </Button>
      </Stack>
    </form>
  );
}
