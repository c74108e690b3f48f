import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type RefObject, useState } from "react";
import { useTranslation } from "react-i18next";

import { assignedValues, dueValues, requestStateValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { Choice } from "../../ui/Choice";
import type { Filters } from "./api";
import classes from "./Queues.module.css";

type Props = {
  filters: Filters;
  narrow: boolean;
  searchRef: RefObject<HTMLInputElement | null>;
  onChange: (changes: Record<string, string | undefined>) => void;
};

export function QueueFilters({ filters, narrow, searchRef, onChange }: Props) {
  const { t } = useTranslation("queues");
  const code = useCode();
  const [typed, setTyped] = useState(filters.q ?? "");
  const search = () => typed.trim() !== (filters.q ?? "") && onChange({ numero: typed.trim() || undefined });
  return (
    <div role="search" className={`${narrow ? classes.narrowFilters : classes.filters} no-print`}>
      <Choice
        id="qui"
        label={t("filters.assigned")}
        value={filters.assigned}
        values={assignedValues}
        none={t("filters.all")}
        labelOf={(one) => code("assigned", one)}
        onChange={(qui) => onChange({ qui })}
      />
      <Choice
        id="etat"
        label={t("filters.state")}
        value={filters.state}
        values={requestStateValues.filter((state) => state !== "draft")}
        none={t("filters.to_do")}
        labelOf={(one) => code("request_state", one)}
        onChange={(etat) => onChange({ etat })}
      />
      {!narrow && (
        <Choice
          id="echeance"
          label={t("filters.due")}
          value={filters.due}
          values={dueValues}
          none={t("filters.all")}
          labelOf={(one) => code("due", one)}
          onChange={(echeance) => onChange({ echeance })}
        />
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          search();
        }}
      >
        <TextInput
          ref={searchRef}
          id="numero"
          label={t("filters.number")}
          placeholder={t("filters.example")}
          leftSection={<IconSearch size={18} aria-hidden />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={search}
        />
      </form>
    </div>
  );
}
