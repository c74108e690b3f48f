import { Button } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { IconInbox, IconListDetails } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { detectionStateValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { formatDay } from "../../lib/dates";
import { Choice } from "../../ui/Choice";
import { type Column, DataTable } from "../../ui/DataTable";
import { Day, Moment } from "../../ui/Day";
import { EmptyState } from "../../ui/EmptyState";
import { Pager } from "../../ui/Pager";
import { PageTitle } from "../../ui/PageTitle";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { useUrlState } from "../../ui/url-state";
import { Waiting } from "../../ui/Waiting";
import { campaigns, type DetectionRow, detections } from "./api";
import classes from "./Detections.module.css";

/** The people to be called, beside the queue of referrals: nothing is opened until they agree. */
export default function DetectionsPage() {
  const { t } = useTranslation("detections");
  const code = useCode();
  const url = useUrlState();
  const state = url.oneOf("etat", detectionStateValues);
  const campaign = url.get("campagne");
  const known = useQuery(campaigns()).data?.items ?? [];
  const list = useQuery({
    ...detections({ state, campaign, cursor: url.get("page") }),
    placeholderData: keepPreviousData,
  });
  const isFiltered = Boolean(state ?? campaign);
  return (
    <>
      <PageTitle
        below={t("list.below")}
        aside={
          <div className={classes.acts}>
            <Button component={Link} to="/files" variant="default" leftSection={<IconInbox size={18} aria-hidden />}>
              {t("list.queue")}
            </Button>
            <Button component={Link} to="/campagnes" variant="default" leftSection={<IconListDetails size={18} aria-hidden />}>
              {t("campaigns.title")}
            </Button>
          </div>
        }
      >
        {t("list.title")}
      </PageTitle>
      <div role="search" className={`${classes.filters} no-print`}>
        <Choice
          id="campagne"
          label={t("list.campaign")}
          value={campaign}
          values={known.map(({ id }) => id)}
          none={t("list.any_campaign")}
          labelOf={(id) => known.find((one) => one.id === id)?.name ?? id}
          onChange={(campagne) => url.set({ campagne, page: undefined })}
        />
        <Choice
          id="etat"
          label={t("list.state")}
          value={state ?? "to_offer"}
          values={detectionStateValues}
          labelOf={(one) => code("detection_state", one)}
          onChange={(etat) => url.set({ etat: etat === "to_offer" ? undefined : etat, page: undefined })}
        />
      </div>
      {list.isPending && <Waiting rows={8} />}
      {list.isError && <ProblemScreen error={list.error} retry={() => void list.refetch()} />}
      {list.data?.items.length === 0 && (
        <EmptyState title={t("list.none")}>{t(isFiltered ? "list.none_filtered" : "list.none_detail")}</EmptyState>
      )}
      {list.data && list.data.items.length > 0 && (
        <>
          <Rows rows={list.data.items} />
          <Pager shown={list.data.items.length} next={list.data.next_cursor} />
        </>
      )}
    </>
  );
}

function Rows({ rows }: { rows: DetectionRow[] }) {
  const { t } = useTranslation("detections");
  const code = useCode();
  const columns: Column<DetectionRow>[] = [
    {
      key: "person",
      header: t("list.person"),
      names: true,
      cell: (row) => (
        <div>
          <Link to={`/detections/${row.id}`} className={classes.name}>
            {row.person?.display_name ?? t("list.not_entrusted")}
          </Link>
          {row.person && (
            <span className={classes.small}>
              {t("list.born", { date: formatDay(row.person.birth_on), city: row.person.city ?? "–" })}
            </span>
          )}
        </div>
      ),
    },
    {
      key: "campaign",
      header: t("list.campaign"),
      cell: (row) => (
        <div>
          {row.campaign_name}
          <span className={classes.small}>
            {row.population ? code("target_population", row.population) : code("campaign_mode", row.mode)}
          </span>
        </div>
      ),
    },
    { key: "since", header: t("list.since"), cell: (row) => <Day value={row.created_at} /> },
    {
      key: "calls",
      header: t("list.last_call"),
      cell: (row) => (row.last_call_at ? <Moment value={row.last_call_at} stacked /> : t("list.never")),
    },
    { key: "state", header: t("list.state"), cell: (row) => code("detection_state", row.state) },
  ];
  return <DataTable caption={t("list.caption")} columns={columns} rows={rows} rowKey={(row) => row.id} />;
}
