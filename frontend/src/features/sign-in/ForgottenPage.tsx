import { Anchor, Button, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { asProblem, fieldErrors } from "../../lib/problem";
import { Notice } from "../../ui/Notice";
import { PageTitle } from "../../ui/PageTitle";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { askReset } from "./api";
import classes from "./SignInPage.module.css";

export default function ForgottenPage() {
  const { t } = useTranslation("sign-in");
  const [email, setEmail] = useState("");
  const ask = useMutation({ mutationFn: () => askReset(email.trim()) });
  const problem = ask.error ? asProblem(ask.error) : null;
  return (
    <div className={classes.one}>
      <PageTitle below={t("forgotten_page.detail")}>{t("forgotten_page.title")}</PageTitle>
      {ask.isSuccess ? (
        <Notice tone="done" title={t("forgotten_page.sent_title")} role="status">
          <p>{t("forgotten_page.sent")}</p>
        </Notice>
      ) : (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            ask.mutate();
          }}
        >
          <Stack gap="md">
            <ProblemSummary problem={problem} fields={{ email: t("email") }} />
            <TextInput
              id="email"
              label={t("email")}
              type="email"
              autoComplete="username"
              value={email}
              error={fieldErrors(problem).email}
              required
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <Button type="submit" loading={ask.isPending}>
              {t("forgotten_page.submit")}
            </Button>
          </Stack>
        </form>
      )}
      <p className={classes.links}>
        <Anchor component={Link} to="/connexion">
          {t("forgotten_page.back")}
        </Anchor>
      </p>
    </div>
  );
}
