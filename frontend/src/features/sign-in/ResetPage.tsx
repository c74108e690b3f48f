import { Anchor, Button, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { asProblem, fieldErrors } from "../../lib/problem";
import { Notice } from "../../ui/Notice";
import { PageTitle } from "../../ui/PageTitle";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { resetPassword } from "./api";
import { useLinkToken } from "./link-token";
import { NewPassword } from "./NewPassword";
import classes from "./SignInPage.module.css";

export default function ResetPage() {
  const { t } = useTranslation("sign-in");
  const token = useLinkToken();
  const [password, setPassword] = useState("");
  const reset = useMutation({ mutationFn: (value: string) => resetPassword(value, password) });
  const problem = reset.error ? asProblem(reset.error) : null;
  return (
    <div className={classes.one}>
      <PageTitle>{t("reset.title")}</PageTitle>
      {!token && <Notice tone="danger" title={t("reset.no_token")} />}
      {token && reset.isSuccess && (
        <Notice tone="done" title={t("reset.done_title")} role="status">
          <p>{t("reset.done")}</p>
        </Notice>
      )}
      {token && !reset.isSuccess && (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            reset.mutate(token);
          }}
        >
          <Stack gap="md">
            <ProblemSummary problem={problem} fields={{ password: t("new_password.label") }} />
            <NewPassword
              id="password"
              label={t("new_password.label")}
              value={password}
              error={fieldErrors(problem).password}
              onChange={setPassword}
            />
            <Button type="submit" loading={reset.isPending}>
              {t("reset.submit")}
            </Button>
          </Stack>
        </form>
      )}
      <p className={classes.links}>
        <Anchor component={Link} to={reset.isSuccess ? "/connexion" : "/mot-de-passe-oublie"}>
          {reset.isSuccess ? t("reset.sign_in") : t("forgotten")}
        </Anchor>
      </p>
    </div>
  );
}
