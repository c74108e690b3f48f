import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { signIn } from "../../api/identity";
import type { SessionView } from "../../api/session";
import { asProblem, fieldErrors, type Problem } from "../../lib/problem";
import { ProblemSummary } from "../../ui/ProblemSummary";

type Props = { email?: string; onPassed: (session: SessionView) => void };

/** First step: address and password. */
export function PasswordStep({ email: known = "", onPassed }: Props) {
  const { t } = useTranslation("sign-in");
  const { t: common } = useTranslation();
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [pending, setPending] = useState(false);
  const errors = fieldErrors(problem);

  async function submit() {
    setPending(true);
    setProblem(null);
    try {
      onPassed(await signIn(email.trim(), password));
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
        <ProblemSummary problem={problem} fields={{ email: t("email"), password: t("password") }} />
        <TextInput
          id="email"
          label={t("email")}
          type="email"
          autoComplete="username"
          value={email}
          error={errors.email}
          required
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          id="password"
          label={t("password")}
          autoComplete="current-password"
          value={password}
          error={errors.password}
          required
          visibilityToggleButtonProps={{ "aria-label": common("act.show_password"), tabIndex: 0 }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={pending}>
          {t("submit")}
        </Button>
      </Stack>
    </form>
  );
}
