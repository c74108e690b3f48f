import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { asProblem } from "../../lib/problem";
import { Panel } from "../../ui/Panel";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { RecoveryCodes } from "../../ui/RecoveryCodes";
import classes from "./Account.module.css";
import { factors, renewRecoveryCodes } from "./api";

export function RecoveryPanel() {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  const queryClient = useQueryClient();
  const owned = useQuery(factors());
  const renew = useMutation({
    mutationFn: renewRecoveryCodes,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: factors().queryKey }),
  });
  return (
    <Panel title={t("codes.title")}>
      <ProblemSummary problem={renew.error && asProblem(renew.error)} />
      {renew.data ? (
        <RecoveryCodes codes={renew.data.recovery_codes} kept={common("recovery.kept")} onKept={() => renew.reset()} />
      ) : (
        <>
          <p className={classes.quiet}>
            {owned.data && `${t("codes.left", { count: owned.data.recovery_codes_left })} `}
            {t("codes.detail")}
          </p>
          <Button variant="default" loading={renew.isPending} onClick={() => renew.mutate()}>
            {t("codes.renew")}
          </Button>
        </>
      )}
    </Panel>
  );
}
