import { Button, Group } from "@mantine/core";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { IconHandGrab } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { useDirectory } from "../../api/partners";
import { assignedValues, dueValues, requestStateValues } from "../../api/schema";
import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { EmptyState } from "../../ui/EmptyState";
import { useListKeys } from "../../ui/list-keys";
import { Pager } from "../../ui/Pager";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { useUrlState } from "../../ui/url-state";
import { Waiting } from "../../ui/Waiting";
import { type Filters, refreshQueues, requests, takeSeveral } from "./api";
import { NarrowList } from "./NarrowList";
import { QueueFilters } from "./QueueFilters";
import { QueueTable } from "./QueueTable";
import { Receipts } from "./Receipts";

const noFilter = { etat: undefined, qui: undefined, echeance: undefined, numero: undefined };

export function QueueList({ current, narrow = false }: { current?: string; narrow?: boolean }) {
  const { t } = useTranslation("queues");
  const url = useUrlState();
  const { list: listRef, search: searchRef } = useListKeys<HTMLDivElement>();
  const filters: Filters = {
    state: url.oneOf("etat", requestStateValues),
    assigned: url.oneOf("qui", assignedValues),
    due: url.oneOf("echeance", dueValues),
    q: url.get("numero"),
    cursor: url.get("page"),
  };
  const list = useQuery({ ...requests(filters), placeholderData: keepPreviousData });
  const rows = list.data?.items ?? [];
  const names = useDirectory(rows.flatMap((row) => [row.structure_id, row.assigned_to]));
  const [chosen, setChosen] = useState<readonly string[]>([]);
  return (
    <div ref={listRef}>
      <QueueFilters filters={filters} narrow={narrow} searchRef={searchRef} onChange={(changes) => url.set(changes)} />
      {list.isPending && <Waiting rows={8} />}
      {list.isError && <ProblemScreen error={list.error} retry={() => void list.refetch()} back="/ma-journee" />}
      {list.data && rows.length === 0 && (
        <EmptyState
          title={t("none")}
          action={
            <Button variant="default" onClick={() => url.set(noFilter)}>
              {t("clear")}
            </Button>
          }
        >
          {t("none_detail")}
        </EmptyState>
      )}
      {rows.length > 0 && narrow && <NarrowList rows={rows} current={current} names={names} />}
      {rows.length > 0 && !narrow && (
        <>
          <TakeChosen chosen={chosen} onDone={() => setChosen([])}>
            <Receipts rows={rows.filter((row) => chosen.includes(row.id))} names={names} />
          </TakeChosen>
          <QueueTable rows={rows} names={names} chosen={chosen} onChosen={setChosen} />
        </>
      )}
      {rows.length > 0 && <Pager shown={rows.length} next={list.data?.next_cursor ?? null} />}
    </div>
  );
}

/** Several at once: those that still wait are taken, the others are told with the reason. */
function TakeChosen({ chosen, onDone, children }: { chosen: readonly string[]; onDone: () => void; children: ReactNode }) {
  const { t } = useTranslation("queues");
  const queryClient = useQueryClient();
  const take = useMutation({
    mutationFn: () => takeSeveral([...chosen]),
    onSuccess: (answer) => {
      announce(
        [
          t("taken", { count: answer.taken.length }),
          answer.refused.length > 0 && t("not_taken", { count: answer.refused.length, why: answer.refused[0]?.detail }),
        ]
          .filter(Boolean)
          .join(" "),
      );
      onDone();
      return refreshQueues(queryClient);
    },
  });
  return (
    <Group mb="sm" mih={44}>
      <ProblemSummary problem={take.error && asProblem(take.error)} />
      {chosen.length > 0 ? (
        <>
          <Button
            leftSection={<IconHandGrab size={20} aria-hidden />}
            loading={take.isPending}
            onClick={() => take.mutate()}
          >
            {t("take", { count: chosen.length })}
          </Button>
          <Button variant="subtle" onClick={onDone}>
            {t("unselect")}
          </Button>
        </>
      ) : (
        <span>{t("select_hint")}</span>
      )}
      {children}
    </Group>
  );
}
