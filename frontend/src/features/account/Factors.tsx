import { Button, Group, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { formatDay, formatRelative } from "../../lib/dates";
import { asProblem } from "../../lib/problem";
import { createPasskey, passkeysAvailable } from "../../lib/webauthn";
import { announce } from "../../ui/Announcer";
import { Confirm } from "../../ui/Confirm";
import { Panel } from "../../ui/Panel";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { TotpSetup } from "../../ui/TotpSetup";
import { Waiting } from "../../ui/Waiting";
import classes from "./Account.module.css";
import { addPasskey, confirmTotp, factors, passkeyOptions, removeFactor, startTotp } from "./api";

export function Factors() {
  const { t } = useTranslation("account");
  const queryClient = useQueryClient();
  const list = useQuery(factors());
  const [leaving, setLeaving] = useState<{ id: string; label: string } | null>(null);
  const refresh = () => queryClient.invalidateQueries({ queryKey: factors().queryKey });
  const added = () => {
    announce(t("factors.done"));
    return refresh();
  };
  const totp = useMutation({ mutationFn: startTotp });
  const passkey = useMutation({
    mutationFn: async () => addPasskey(await createPasskey(await passkeyOptions()), t("factors.passkey")),
    onSuccess: added,
  });
  const remove = useMutation({
    mutationFn: removeFactor,
    onSuccess: () => {
      setLeaving(null);
      announce(t("factors.removed"));
      return refresh();
    },
  });
  const refusal = totp.error ?? passkey.error;
  return (
    <Panel title={t("factors.title")}>
      <p className={classes.quiet}>{t("factors.detail")}</p>
      {list.isPending && <Waiting rows={2} height={64} />}
      {list.isError && <ProblemScreen error={list.error} retry={() => void list.refetch()} />}
      <ul className={`${classes.plain} ${classes.rows}`}>
        {list.data?.items.map((factor) => (
          <li key={factor.id}>
            <div>
              {factor.label}
              <span className={classes.detail}>
                {t("factors.added", { date: formatDay(factor.created_at) })}
                {factor.last_used_at && `, ${t("factors.used", { when: formatRelative(factor.last_used_at) })}`}
              </span>
            </div>
            <Button
              variant="default"
              size="sm"
              aria-label={t("factors.remove_label", { label: factor.label })}
              onClick={() => setLeaving(factor)}
            >
              {t("factors.remove")}
            </Button>
          </li>
        ))}
      </ul>
      <Stack gap="md" mt="md">
        <ProblemSummary problem={refusal && asProblem(refusal)} />
        <Group gap="xs">
          <Button variant="default" loading={totp.isPending} onClick={() => totp.mutate()}>
            {t("factors.add_totp")}
          </Button>
          {passkeysAvailable() && (
            <Button variant="default" loading={passkey.isPending} onClick={() => passkey.mutate()}>
              {t("factors.add_passkey")}
            </Button>
          )}
        </Group>
        {totp.data && (
          <TotpSetup
            start={totp.data}
            confirm={t("factors.confirm")}
            sendCode={async (code) => {
              await confirmTotp(code, t("factors.totp"));
              totp.reset();
              await added();
            }}
          />
        )}
      </Stack>
      <Confirm
        opened={leaving !== null}
        title={t("factors.remove_title")}
        confirm={t("factors.remove")}
        danger
        pending={remove.isPending}
        problem={remove.error && asProblem(remove.error)}
        onConfirm={() => leaving && remove.mutate(leaving.id)}
        onClose={() => setLeaving(null)}
      >
        <p>{t("factors.remove_detail", { label: leaving?.label ?? "" })}</p>
      </Confirm>
    </Panel>
  );
}
