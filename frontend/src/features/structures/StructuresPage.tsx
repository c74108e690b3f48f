import { Button, TextInput } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { IconDownload, IconSearch, IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useActive } from "../../api/active";
import { isDesk } from "../../api/partners";
import { structureKindValues, structureStateValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { Choice } from "../../ui/Choice";
import { type Column, DataTable } from "../../ui/DataTable";
import { Day } from "../../ui/Day";
import { EmptyState } from "../../ui/EmptyState";
import { ExportDialog } from "../../ui/ExportDialog";
import { useListKeys } from "../../ui/list-keys";
import { Pager } from "../../ui/Pager";
import { PageTitle } from "../../ui/PageTitle";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { useUrlState } from "../../ui/url-state";
import { Waiting } from "../../ui/Waiting";
import { type Filters, type StructureRow, structures } from "./api";
import classes from "./Structures.module.css";

const noFilter = { nom: undefined, etat: undefined, type: undefined };

/** The partners of the caisse, found by name, kind and state. */
export default function StructuresPage() {
  const { t } = useTranslation("structures");
  const code = useCode();
  const url = useUrlState();
  const keeps = isDesk(useActive().role);
  const { list: listRef, search: searchRef } = useListKeys<HTMLTableSectionElement>();
  const [exporting, setExporting] = useState(false);
  const filters: Filters = {
    q: url.get("nom"),
    state: url.oneOf("etat", structureStateValues),
    kind: url.oneOf("type", structureKindValues),
    cursor: url.get("page"),
  };
  const [typed, setTyped] = useState(filters.q ?? "");
  const list = useQuery({ ...structures(filters), placeholderData: keepPreviousData });
  const search = () => typed.trim() !== (filters.q ?? "") && url.set({ nom: typed.trim() || undefined });
  const columns: Column<StructureRow>[] = [
    {
      key: "name",
      header: t("name"),
      names: true,
      cell: (row) => (
        <div>
          <span className={classes.name}>{row.name}</span>
          <span className={classes.small}>{t("place", { commune: row.commune, department: row.department })}</span>
        </div>
      ),
    },
    { key: "kind", header: t("kind"), cell: (row) => code("structure_kind", row.kind) },
    { key: "siret", header: t("siret"), cell: (row) => <span className="figures">{row.siret ?? t("unknown")}</span> },
    { key: "state", header: t("state"), cell: (row) => code("structure_state", row.state) },
    {
      key: "opened",
      header: t("opened"),
      cell: (row) => (row.portal_opened_on ? <Day value={row.portal_opened_on} withRelative={false} /> : t("not_open")),
    },
  ];
  const isFiltered = Boolean(filters.q ?? filters.state ?? filters.kind);
  return (
    <>
      <PageTitle
        aside={
          keeps && (
            <div className={classes.acts}>
              <Button component={Link} to="/structures/import" leftSection={<IconUpload size={18} aria-hidden />}>
                {t("import")}
              </Button>
              <Button
                variant="default"
                leftSection={<IconDownload size={18} aria-hidden />}
                onClick={() => setExporting(true)}
              >
                {t("export")}
              </Button>
            </div>
          )
        }
      >
        {t("title")}
      </PageTitle>
      <div role="search" className={`${classes.filters} no-print`}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            search();
          }}
        >
          <TextInput
            ref={searchRef}
            id="nom"
            label={t("search")}
            leftSection={<IconSearch size={18} aria-hidden />}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            onBlur={search}
          />
        </form>
        <Choice
          id="type"
          label={t("kind")}
          value={filters.kind}
          values={structureKindValues}
          none={t("any_kind")}
          labelOf={(one) => code("structure_kind", one)}
          onChange={(type) => url.set({ type })}
        />
        <Choice
          id="etat"
          label={t("state")}
          value={filters.state}
          values={structureStateValues}
          none={t("any_state")}
          labelOf={(one) => code("structure_state", one)}
          onChange={(etat) => url.set({ etat })}
        />
      </div>
      {list.isPending && <Waiting rows={8} />}
      {list.isError && <ProblemScreen error={list.error} retry={() => void list.refetch()} />}
      {list.data && list.data.items.length === 0 && (
        <EmptyState
          title={t(isFiltered ? "none_found" : "none")}
          action={
            isFiltered && (
              <Button
                variant="default"
                onClick={() => {
                  setTyped("");
                  url.set(noFilter);
                }}
              >
                {t("clear")}
              </Button>
            )
          }
        >
          {t(isFiltered ? "none_found_detail" : "none_detail")}
        </EmptyState>
      )}
      {list.data && list.data.items.length > 0 && (
        <>
          <DataTable caption={t("caption")} columns={columns} rows={list.data.items} rowKey={(row) => row.id} listRef={listRef} />
          <Pager shown={list.data.items.length} next={list.data.next_cursor} />
        </>
      )}
      {exporting && <ExportDialog kind="structures.export" onClose={() => setExporting(false)} />}
    </>
  );
}
