import { Button, Progress } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { IconMail } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { DirectoryEntry } from "../../api/partners";
import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { Confirm } from "../../ui/Confirm";
import { Notice } from "../../ui/Notice";
import { type AgentRow, batch, makeReceipts } from "./api";

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

function Followed({ id }: { id: string }) {
  const { t } = useTranslation("queues");
  const query = useQuery({
    ...batch(id),
    refetchInterval: ({ state }) => (state.data?.finished_at ? false : 700),
  });
  if (!query.data) return null;
  const { printed, refused, total, finished_at } = query.data;
  if (finished_at) {
    return (
      <Notice tone="done" role="status">
        <p>{t("receipts.done", { count: printed })}</p>
        {refused > 0 && <p>{t("receipts.refused", { count: refused })}</p>}
      </Notice>
    );
  }
  return (
    <div>
      <p id="receipts-progress">{t("receipts.progress", { printed, total })}</p>
      <Progress.Root size="lg" w={240}>
        <Progress.Section value={(100 * (printed + refused)) / total} aria-labelledby="receipts-progress" />
      </Progress.Root>
    </div>
  );
}
