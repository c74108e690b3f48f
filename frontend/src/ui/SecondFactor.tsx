import { Button, Stack, TextInput } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem, type Problem } from "../lib/problem";
import { askPasskey, type PasskeyAnswer, passkeysAvailable } from "../lib/webauthn";
import { ProblemSummary } from "./ProblemSummary";

type PasskeyOptions = Record<string, unknown>;

type Props = {
  factors: readonly string[];
  confirm: string;
  sendCode: (code: string) => Promise<unknown>;
  passkeyOptions: () => Promise<PasskeyOptions>;
  sendPasskey: (credential: PasskeyAnswer) => Promise<unknown>;
  children?: ReactNode;
};

/** Proof of identity by a code of the application or a passkey: at sign-in and before a protected act. */
export function SecondFactor({ factors, confirm, sendCode, passkeyOptions, sendPasskey, children }: Props) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [pending, setPending] = useState(false);

  async function attempt(proof: () => Promise<unknown>) {
    setPending(true);
    setProblem(null);
    try {
      await proof();
    } catch (error) {
      setProblem(
        error instanceof DOMException
          ? { type: "/problems/passkey", title: t("factor.passkey_refused"), detail: t("factor.passkey_refused_detail"), status: 400 }
          : asProblem(error),
      );
      setCode("");
    } finally {
      setPending(false);
    }
  }

  return (
    <Stack gap="md">
      <ProblemSummary problem={problem} fields={{ code: t("factor.code") }} />
      {factors.includes("totp") && (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void attempt(() => sendCode(code.replace(/\s/g, "")));
          }}
        >
          <Stack gap="md">
            <TextInput
              id="code"
              label={t("factor.code")}
              description={t("factor.code_help")}
              value={code}
              inputMode="numeric"
              autoComplete="one-time-code"
              autoFocus
              data-autofocus
              maxLength={9}
              required
              onChange={(event) => setCode(event.currentTarget.value)}
            />
            <Button type="submit" loading={pending}>
              {confirm}
            </Button>
          </Stack>
        </form>
      )}
      {factors.includes("passkey") && passkeysAvailable() && (
        <Button
          variant={factors.includes("totp") ? "default" : "filled"}
          leftSection={<IconFingerprint size={20} aria-hidden />}
          disabled={pending}
          onClick={() => void attempt(async () => sendPasskey(await askPasskey(await passkeyOptions())))}
        >
          {t("factor.passkey")}
        </Button>
      )}
      {children}
    </Stack>
  );
}
