import { Anchor, Button, Group } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { IconMail } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { DirectoryEntry } from "../../api/partners";
import { workOf } from "../../api/works";
import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { Confirm } from "../../ui/Confirm";
import { Progress } from "../../ui/works/Progress";
import { WorkActs } from "../../ui/works/WorkActs";
import { WorkTag } from "../../ui/works/WorkTag";
import { type AgentRow, makeReceipts } from "./api";

type Props = { rows: AgentRow[]; names: Map<string, DirectoryEntry> };

/** Receipts for the requests chosen in the list: asked for once, printed by the service, followed here. */
export function Receipts({ rows, names }: Props) {
  const { t } = useTranslation("queues");
  const [asking, setAsking] = useState(false);
  const [running, setRunning] = useState<string | null>(null);
  const items = rows.flatMap((row) => {
    const name = row.structure_id && names.get(row.structure_id)?.name;
    return name ? [{ request_id: row.id, recipient: [name] }] : [];
  });
  const make = useMutation({
    mutationFn: () => makeReceipts(items),
    onSuccess: (receipt) => {
      setAsking(false);
      setRunning(receipt.id);
      announce(t("receipts.begun"));
    },
  });
  return (
    <>
      {items.length > 0 && (
        <Button variant="default" leftSection={<IconMail size={20} aria-hidden />} onClick={() => setAsking(true)}>
          {t("receipts.act", { count: items.length })}
        </Button>
      )}
      {running && <Followed id={running} />}
      <Confirm
        opened={asking}
        title={t("receipts.title", { count: items.length })}
        confirm={t("receipts.confirm")}
        pending={make.isPending}
        problem={make.error && asProblem(make.error)}
        onConfirm={() => make.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>{t("receipts.detail")}</p>
      </Confirm>
    </>
  );
}

/** The batch as the page of works shows it. */
function Followed({ id }: { id: string }) {
  const { t } = useTranslation("queues");
  const { data: work } = useQuery(workOf("agent", "referrals", id));
  if (!work) return null;
  return (
    <Group gap="sm" role="status">
      <span>{t("receipts.running")}</span>
      <WorkTag state={work.state} />
      <Progress work={work} />
      <WorkActs work={work} side="agent" />
      <Anchor component={Link} to="/travaux">
        {t("receipts.follow")}
      </Anchor>
    </Group>
  );
}
