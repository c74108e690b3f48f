import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { IconArrowDown } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useActive } from "../../api/active";
import { sideOf, type Work } from "../../api/works";
import { allWorks } from "../../api/works-list";
import { type Column, DataTable } from "../../ui/DataTable";
import { Moment } from "../../ui/Day";
import { EmptyState } from "../../ui/EmptyState";
import { PageTitle } from "../../ui/PageTitle";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { Waiting } from "../../ui/Waiting";
import { Progress } from "../../ui/works/Progress";
import { WorkActs } from "../../ui/works/WorkActs";
import classes from "./Works.module.css";
import { WorkTag } from "../../ui/works/WorkTag";

/** What I started and runs, or ran, without me, whichever service does it. */
export default function WorksPage() {
  const { t } = useTranslation("works");
  const side = sideOf(useActive().audience);
  const list = useInfiniteQuery(allWorks(side));
  const columns: Column<Work>[] = [
    {
      key: "kind",
      header: t("work"),
      names: true,
      cell: (work) => (
        <div>
          <span className={classes.name}>{t(`kind.${work.kind}` as never, { defaultValue: work.kind })}</span>
          <span className={classes.small}>
            <Moment value={work.created_at} withRelative={false} />
          </span>
          {work.reason && <span className={classes.small}>{t("because", { reason: work.reason })}</span>}
        </div>
      ),
    },
    { key: "state", header: t("where"), cell: (work) => <span><WorkTag state={work.state} /></span> },
    { key: "result", header: t("result"), cell: (work) => <Progress work={work} /> },
    {
      key: "kept",
      header: t("kept"),
      cell: (work) => (work.forgotten ? t("erased") : <Moment value={work.expires_at} withRelative={false} />),
    },
    { key: "acts", header: t("acts"), cell: (work) => <WorkActs work={work} side={side} /> },
  ];
  return (
    <>
      <PageTitle below={t(`intro_${side}`)}>{t("title")}</PageTitle>
      {list.isPending && <Waiting rows={4} />}
      {list.isError && <ProblemScreen error={list.error} retry={() => void list.refetch()} />}
      {list.data && list.data.length === 0 && <EmptyState title={t("none")}>{t(`none_detail_${side}`)}</EmptyState>}
      {list.data && list.data.length > 0 && (
        <>
          <DataTable caption={t("caption")} columns={columns} rows={list.data} rowKey={(work) => work.id} />
          {list.hasNextPage && (
            <Button
              variant="default"
              mt="md"
              leftSection={<IconArrowDown size={18} aria-hidden />}
              loading={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
            >
              {t("older")}
            </Button>
          )}
        </>
      )}
    </>
  );
}
