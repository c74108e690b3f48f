import { Button, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";
import { formatDay } from "../lib/dates";
import { DateField } from "./DateField";
import { EmptyState } from "./EmptyState";
import classes from "./PersonPicker.module.css";
import { ProblemScreen } from "./ProblemScreen";
import { Waiting } from "./Waiting";

type Criteria = Schemas["PersonSearch"];
type Card = Schemas["PersonCard"];
type Props = { search: (criteria: Criteria) => Promise<Schemas["PersonsFound"]>; onChoose: (card: Card) => void };

/** Finds a person among those the reader may find; names never stand in an address, so nothing is kept in it. */
export function PersonPicker({ search, onChoose }: Props) {
  const { t } = useTranslation();
  const [lastName, setLastName] = useState("");
  const [birthOn, setBirthOn] = useState<string | null>(null);
  const [criteria, setCriteria] = useState<Criteria | null>(null);
  const found = useQuery({
    queryKey: ["person-picker", criteria],
    queryFn: () => search(criteria!),
    enabled: criteria !== null,
    staleTime: 0,
    gcTime: 0,
  });
  const enough = lastName.trim().length >= 2 || birthOn !== null;
  return (
    <Stack gap="md">
      <form
        role="search"
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (enough) setCriteria({ last_name: lastName.trim() || null, birth_on: birthOn });
        }}
      >
        <TextInput
          id="picker_last_name"
          label={t("person.last_name")}
          autoComplete="off"
          value={lastName}
          onChange={(event) => setLastName(event.currentTarget.value)}
        />
        <DateField id="picker_birth_on" label={t("person.birth_on")} value={birthOn} onChange={setBirthOn} />
        <Button type="submit" variant="default" leftSection={<IconSearch size={20} aria-hidden />}>
          {t("person.search")}
        </Button>
      </form>
      {found.isLoading && <Waiting rows={2} height={64} />}
      {found.isError && <ProblemScreen error={found.error} retry={() => void found.refetch()} />}
      {found.data?.items.length === 0 && <EmptyState title={t("person.none")}>{t("person.none_detail")}</EmptyState>}
      {found.data && found.data.items.length > 0 && (
        <ul className={classes.results}>
          {found.data.items.map((one) => (
            <li key={one.id} className={classes.result}>
              <span>
                <strong>{one.display_name}</strong>
                <span className={classes.small}>
                  {[t("person.born", { date: formatDay(one.birth_on) }), one.city].filter(Boolean).join(" · ")}
                </span>
              </span>
              <Button
                variant="default"
                aria-label={t("person.choose_label", { name: one.display_name })}
                onClick={() => onChoose(one)}
              >
                {t("person.choose")}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Stack>
  );
}
