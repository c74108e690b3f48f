import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type RefObject, useState } from "react";
import { useTranslation } from "react-i18next";

import { coarseStateValues, turnValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { Choice } from "../../ui/Choice";
import type { Filters } from "./api";
import classes from "./MyRequests.module.css";

type Props = {
  filters: Filters;
  searchRef: RefObject<HTMLInputElement | null>;
  onChange: (changes: Record<string, string | undefined>) => void;
};

export function RequestFilters({ filters, searchRef, onChange }: Props) {
  const { t } = useTranslation("my-requests");
  const code = useCode();
  const [typed, setTyped] = useState(filters.q ?? "");
  return (
    <div role="search" className={`${classes.filters} no-print`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onChange({ numero: typed.trim() || undefined });
        }}
      >
        <TextInput
          ref={searchRef}
          id="numero"
          label={t("number")}
          placeholder={t("number_example")}
          leftSection={<IconSearch size={18} aria-hidden />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={() => typed.trim() !== (filters.q ?? "") && onChange({ numero: typed.trim() || undefined })}
        />
      </form>
      <Choice
        id="etat"
        label={t("state")}
        value={filters.state}
        values={coarseStateValues}
        none={t("any_state")}
        labelOf={(state) => code("coarse_state", state)}
        onChange={(etat) => onChange({ etat })}
      />
      <Choice
        id="tour"
        label={t("turn")}
        value={filters.turn}
        values={turnValues}
        none={t("any_turn")}
        labelOf={(turn) => code("turn", turn)}
        onChange={(tour) => onChange({ tour })}
      />
    </div>
  );
}
