import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconPhoneCall, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useActive } from "../../api/active";
import { isDesk } from "../../api/partners";
import { useCode } from "../../i18n/use-code";
import { type Column, DataTable } from "../../ui/DataTable";
import { Day } from "../../ui/Day";
import { EmptyState } from "../../ui/EmptyState";
import { Pager } from "../../ui/Pager";
import { PageTitle } from "../../ui/PageTitle";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { useUrlState } from "../../ui/url-state";
import { Waiting } from "../../ui/Waiting";
import { type Campaign, campaigns } from "./api";
import { CampaignDialog } from "./CampaignDialog";
import { CloseDialog } from "./CloseDialog";
import classes from "./Detections.module.css";

/** Lists of people to whom the mission is to be offered, and what became of them. */
export default function CampaignsPage() {
  const { t } = useTranslation("detections");
  const manages = isDesk(useActive().role);
  const url = useUrlState();
  const list = useQuery(campaigns(url.get("page")));
  const [opening, setOpening] = useState(false);
  const [closing, setClosing] = useState<Campaign | null>(null);
  const columns = useColumns(manages, setClosing);
  return (
    <>
      <PageTitle
        below={t("campaigns.below")}
        aside={
          <div className={classes.acts}>
            <Button component={Link} to="/detections" variant="default" leftSection={<IconPhoneCall size={18} aria-hidden />}>
              {t("list.title")}
            </Button>
            {manages && (
              <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setOpening(true)}>
                {t("campaigns.open")}
              </Button>
            )}
          </div>
        }
      >
        {t("campaigns.title")}
      </PageTitle>
      {list.isPending && <Waiting rows={5} />}
      {list.isError && <ProblemScreen error={list.error} retry={() => void list.refetch()} />}
      {list.data?.items.length === 0 && (
        <EmptyState title={t("campaigns.none")}>{t(manages ? "campaigns.none_manager" : "campaigns.none_adviser")}</EmptyState>
      )}
      {list.data && list.data.items.length > 0 && (
        <>
          <DataTable caption={t("campaigns.caption")} columns={columns} rows={list.data.items} rowKey={(row) => row.id} />
          <Pager shown={list.data.items.length} next={list.data.next_cursor} />
        </>
      )}
      {opening && <CampaignDialog onClose={() => setOpening(false)} />}
      {closing && <CloseDialog campaign={closing} onClose={() => setClosing(null)} />}
    </>
  );
}

function useColumns(manages: boolean, onClose: (campaign: Campaign) => void): Column<Campaign>[] {
  const { t } = useTranslation("detections");
  const code = useCode();
  const columns: Column<Campaign>[] = [
    {
      key: "name",
      header: t("campaigns.name"),
      names: true,
      cell: (row) => (
        <div>
          <Link className={classes.name} to={`/detections?campagne=${row.id}`}>
            {row.name}
          </Link>
          <span className={classes.small}>
            {row.population
              ? t("campaigns.population", { population: code("target_population", row.population) })
              : code("campaign_mode", row.mode)}
          </span>
        </div>
      ),
    },
    {
      key: "period",
      header: t("campaigns.period"),
      cell: (row) => (
        <span>
          <Day value={row.from_on} withRelative={false} /> – <Day value={row.until_on} withRelative={false} />
        </span>
      ),
    },
    { key: "state", header: t("campaigns.state"), cell: (row) => code("campaign_state", row.state) },
    {
      key: "counts",
      header: t("campaigns.counts"),
      cell: (row) => (
        <div>
          {t("campaigns.to_offer", { count: row.counts.to_offer ?? 0 })}
          <span className={classes.small}>
            {t("campaigns.outcomes", {
              accepted: row.counts.accepted ?? 0,
              declined: row.counts.declined ?? 0,
              unreachable: row.counts.unreachable ?? 0,
            })}
          </span>
        </div>
      ),
    },
  ];
  if (!manages) return columns;
  return [
    ...columns,
    {
      key: "acts",
      header: t("campaigns.acts"),
      cell: (row) =>
        row.state === "open" && (
          <div className={classes.acts}>
            <Button component={Link} to={`/campagnes/${row.id}/import`} variant="default" size="compact-md">
              {t("campaigns.import")}
            </Button>
            <Button variant="subtle" size="compact-md" onClick={() => onClose(row)} aria-label={t("campaigns.close_one", { name: row.name })}>
              {t("campaigns.close")}
            </Button>
          </div>
        ),
    },
  ];
}
