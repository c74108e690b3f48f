import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { undelivered } from "../../api/notifications";
import { formatInstant } from "../../lib/dates";
import { DataTable } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { Pager } from "../../ui/Pager";
import { PageTitle } from "../../ui/PageTitle";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { useUrlState } from "../../ui/url-state";
import { Waiting } from "../../ui/Waiting";

/** The partner desk's list of e-mails that did not arrive: addresses to check with the structures. */
export default function UndeliveredPage() {
  const { t } = useTranslation("notifications");
  const url = useUrlState();
  const query = useQuery(undelivered(url.get("page")));
  const rows = query.data?.items ?? [];
  return (
    <>
      <PageTitle below={t("undelivered.detail")}>{t("undelivered.title")}</PageTitle>
      {query.isPending && <Waiting rows={6} />}
      {query.isError && <ProblemScreen error={query.error} retry={() => void query.refetch()} back="/ma-journee" />}
      {query.data && rows.length === 0 && <EmptyState title={t("undelivered.none")} />}
      {rows.length > 0 && (
        <>
          <DataTable
            caption={t("undelivered.title")}
            rows={rows}
            rowKey={(row) => row.id}
            columns={[
              { key: "who", header: t("undelivered.who"), names: true, cell: (row) => row.display_name },
              { key: "email", header: t("undelivered.email"), cell: (row) => row.email },
              { key: "at", header: t("undelivered.at"), cell: (row) => formatInstant(row.created_at) },
              {
                key: "why",
                header: t("undelivered.why"),
                cell: (row) => (row.refused_with ? t("undelivered.refused", { code: row.refused_with }) : t("undelivered.given_up")),
              },
            ]}
          />
          <Pager shown={rows.length} next={query.data?.next_cursor ?? null} />
        </>
      )}
    </>
  );
}
