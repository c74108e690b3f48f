import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useActive } from "../../api/active";
import { colleagues } from "../../api/partners";
import { fieldErrors } from "../../lib/problem";
import { fullName } from "../../lib/names";
import { Choice } from "../../ui/Choice";
import { Confirm } from "../../ui/Confirm";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { Waiting } from "../../ui/Waiting";
import { type AgentRequest, assign } from "./api";
import { useAct } from "./use-act";

type Props = { shown: AgentRequest; onClose: () => void };

export function AssignDialog({ shown, onClose }: Props) {
  const { t } = useTranslation("referral-file");
  const { unit } = useActive();
  const team = useQuery(colleagues(unit));
  const [account, setAccount] = useState<string | null>(null);
  const act = useAct((id: string) => assign(shown, id), t("assign.done"), onClose);
  const others = (team.data?.items ?? []).filter((one) => one.id !== shown.assigned_to);
  const names = new Map(others.map((one) => [one.id, fullName(one)]));
  return (
    <Confirm
      opened
      title={t("assign.title")}
      confirm={t("assign.act")}
      disabled={account === null}
      pending={act.isPending}
      problem={act.problem}
      fields={{ account_id: t("assign.to") }}
      onConfirm={() => account && act.mutate(account)}
      onClose={onClose}
    >
      <p>{t("assign.detail")}</p>
      {team.isPending && <Waiting rows={1} />}
      {team.isError && <ProblemScreen error={team.error} retry={() => void team.refetch()} />}
      {team.data && (
        <Choice
          id="account_id"
          label={t("assign.to")}
          error={fieldErrors(act.problem).account_id}
          value={account ?? undefined}
          values={others.map((one) => one.id)}
          none={others.length > 0 ? t("assign.choose") : t("assign.nobody")}
          labelOf={(id) => names.get(id) ?? id}
          onChange={(id) => setAccount(id ?? null)}
        />
      )}
    </Confirm>
  );
}
