import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { useActive } from "../../api/active";
import { sideOf, type Work, works } from "../../api/works";
import { type Column, DataTable } from "../../ui/DataTable";
import { Moment } from "../../ui/Day";
import { EmptyState } from "../../ui/EmptyState";
import { Pager } from "../../ui/Pager";
import { PageTitle } from "../../ui/PageTitle";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { useUrlState } from "../../ui/url-state";
import { Waiting } from "../../ui/Waiting";
import { Progress } from "./Progress";
import { WorkActs } from "./WorkActs";
import classes from "./Works.module.css";
import { WorkTag } from "./WorkTag";

/** What I started and runs, or ran, without me: imports and exports of my present role. */
export default function WorksPage() {
  const { t } = useTranslation("works");
  const side = sideOf(useActive().audience);
  const url = useUrlState();
  const list = useQuery({ ...works(side, url.get("page")), placeholderData: keepPreviousData });
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
      <PageTitle below={t("intro")}>{t("title")}</PageTitle>
      {list.isPending && <Waiting rows={4} />}
      {list.isError && <ProblemScreen error={list.error} retry={() => void list.refetch()} />}
      {list.data && list.data.items.length === 0 && <EmptyState title={t("none")}>{t(`none_detail_${side}`)}</EmptyState>}
      {list.data && list.data.items.length > 0 && (
        <>
          <DataTable caption={t("caption")} columns={columns} rows={list.data.items} rowKey={(work) => work.id} />
          <Pager shown={list.data.items.length} next={list.data.next_cursor} />
        </>
      )}
    </>
  );
}
