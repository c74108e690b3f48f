import { Button, Group } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { IconDownload, IconPlus, IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { coarseStateValues, turnValues } from "../../api/schema";
import { EmptyState } from "../../ui/EmptyState";
import { ExportDialog } from "../../ui/ExportDialog";
import { useListKeys } from "../../ui/list-keys";
import { Pager } from "../../ui/Pager";
import { PageTitle } from "../../ui/PageTitle";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { useUrlState } from "../../ui/url-state";
import { Waiting } from "../../ui/Waiting";
import { type Filters, requests } from "./api";
import { RequestFilters } from "./RequestFilters";
import { RequestTable } from "./RequestTable";

export default function MyRequestsPage() {
  const { t } = useTranslation("my-requests");
  const url = useUrlState();
  const [exporting, setExporting] = useState(false);
  const { list: listRef, search: searchRef } = useListKeys<HTMLTableSectionElement>();
  const filters: Filters = {
    state: url.oneOf("etat", coarseStateValues),
    turn: url.oneOf("tour", turnValues),
    q: url.get("numero"),
    cursor: url.get("page"),
  };
  const filtered = Boolean(filters.state ?? filters.turn ?? filters.q);
  const list = useQuery({ ...requests(filters), placeholderData: keepPreviousData });
  return (
    <>
      <PageTitle
        aside={
          <Group gap="xs">
            <Button component={Link} to="/accueil" leftSection={<IconPlus size={20} aria-hidden />}>
              {t("new")}
            </Button>
            <Button
              component={Link}
              to="/demandes/import"
              variant="default"
              leftSection={<IconUpload size={18} aria-hidden />}
            >
              {t("import")}
            </Button>
            <Button
              variant="default"
              leftSection={<IconDownload size={18} aria-hidden />}
              onClick={() => setExporting(true)}
            >
              {t("export")}
            </Button>
          </Group>
        }
      >
        {t("title")}
      </PageTitle>
      <RequestFilters filters={filters} searchRef={searchRef} onChange={(changes) => url.set(changes)} />
      {list.isPending && <Waiting rows={8} />}
      {list.isError && <ProblemScreen error={list.error} retry={() => void list.refetch()} />}
      {list.data && list.data.items.length === 0 && (
        <EmptyState
          title={t(filtered ? "none_found" : "none")}
          action={
            filtered ? (
              <Button
                variant="default"
                onClick={() => url.set({ etat: undefined, tour: undefined, numero: undefined })}
              >
                {t("clear")}
              </Button>
            ) : (
              <Button component={Link} to="/accueil">
                {t("new")}
              </Button>
            )
          }
        >
          {t(filtered ? "none_found_detail" : "none_detail")}
        </EmptyState>
      )}
      {list.data && list.data.items.length > 0 && (
        <>
          <RequestTable rows={list.data.items} listRef={listRef} />
          <Pager shown={list.data.items.length} next={list.data.next_cursor} />
        </>
      )}
      {exporting && <ExportDialog kind="requests.export" onClose={() => setExporting(false)} />}
    </>
  );
}
