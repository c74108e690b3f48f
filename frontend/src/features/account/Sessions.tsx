import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { formatRelative } from "../../lib/dates";
import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { Panel } from "../../ui/Panel";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { Waiting } from "../../ui/Waiting";
import classes from "./Account.module.css";
import { revokeSession, sessions } from "./api";

export function Sessions() {
  const { t } = useTranslation("account");
  const queryClient = useQueryClient();
  const list = useQuery(sessions());
  const revoke = useMutation({
    mutationFn: revokeSession,
    onSuccess: () => {
      announce(t("sessions.revoked"));
      return queryClient.invalidateQueries({ queryKey: sessions().queryKey });
    },
  });
  return (
    <Panel title={t("sessions.title")}>
      <p className={classes.quiet}>{t("sessions.detail")}</p>
      <ProblemSummary problem={revoke.error && asProblem(revoke.error)} />
      {list.isPending && <Waiting rows={2} height={64} />}
      {list.isError && <ProblemScreen error={list.error} retry={() => void list.refetch()} />}
      <ul className={`${classes.plain} ${classes.rows}`}>
        {list.data?.items.map((session) => {
          const device = session.device || t("sessions.unknown");
          return (
            <li key={session.id}>
              <div>
                {device}
                {session.current && <strong>{` (${t("sessions.current").toLocaleLowerCase("fr")})`}</strong>}
                <span className={classes.detail}>
                  {t("sessions.seen")} {formatRelative(session.seen_at)}
                </span>
              </div>
              {!session.current && (
                <Button
                  variant="default"
                  size="sm"
                  aria-label={t("sessions.revoke_label", { device })}
                  loading={revoke.isPending && revoke.variables === session.id}
                  onClick={() => revoke.mutate(session.id)}
                >
                  {t("sessions.revoke")}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
