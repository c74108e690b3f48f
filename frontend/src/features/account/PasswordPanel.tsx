import { Button, PasswordInput, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem, fieldErrors } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { Panel } from "../../ui/Panel";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { changePassword } from "./api";

export function PasswordPanel() {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  const [current, setCurrent] = useState("");
  const [replacement, setReplacement] = useState("");
  const change = useMutation({
    mutationFn: () => changePassword(current, replacement),
    onSuccess: () => {
      setCurrent("");
      setReplacement("");
      announce(t("password.done"));
    },
  });
  const problem = change.error ? asProblem(change.error) : null;
  const errors = fieldErrors(problem);
  const eye = { "aria-label": common("act.show_password"), tabIndex: 0 };
  return (
    <Panel title={t("password.title")}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <Stack gap="md" align="stretch" maw={480}>
          <ProblemSummary problem={problem} fields={{ current: t("password.current"), new: t("password.new") }} />
          <PasswordInput
            id="current"
            label={t("password.current")}
            autoComplete="current-password"
            value={current}
            error={errors.current}
            required
            visibilityToggleButtonProps={eye}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <PasswordInput
            id="new"
            label={t("password.new")}
            description={t("password.help")}
            autoComplete="new-password"
            value={replacement}
            error={errors.new}
            required
            visibilityToggleButtonProps={eye}
            onChange={(event) => setReplacement(event.currentTarget.value)}
          />
          <Button type="submit" loading={change.isPending}>
            {t("password.submit")}
          </Button>
        </Stack>
      </form>
    </Panel>
  );
}
