import { Button, Code, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem, type Problem } from "../lib/problem";
import { ProblemSummary } from "./ProblemSummary";
import { QrCode } from "./QrCode";
import classes from "./TotpSetup.module.css";

type Props = {
  start: { secret: string; qr_svg: string };
  confirm: string;
  sendCode: (code: string) => Promise<unknown>;
};

/** Ties an authenticator application to the account: drawing, key to type by hand, first code. */
export function TotpSetup({ start, confirm, sendCode }: Props) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [pending, setPending] = useState(false);
  async function submit() {
    setPending(true);
    setProblem(null);
    try {
      await sendCode(code.replace(/\s/g, ""));
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
        <p className={classes.line}>{t("totp.scan")}</p>
        <QrCode svg={start.qr_svg} label={t("totp.qr_alt")} />
        <div>
          <p className={classes.line}>{t("totp.by_hand")}</p>
          <Code className={classes.secret}>{start.secret.replace(/(.{4})(?=.)/g, "$1 ")}</Code>
        </div>
        <ProblemSummary problem={problem} fields={{ code: t("factor.code") }} />
        <TextInput
          id="code"
          label={t("totp.then")}
          description={t("factor.code_help")}
          value={code}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={9}
          required
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button type="submit" loading={pending}>
          {confirm}
        </Button>
      </Stack>
    </form>
  );
}
