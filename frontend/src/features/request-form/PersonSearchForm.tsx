import { Button, Stack, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { DateField } from "../../ui/DateField";
import type { PersonSearch } from "./api";
import classes from "./RequestForm.module.css";

type Props = { initial: PersonSearch | null; onSearch: (criteria: PersonSearch) => void };

export function PersonSearchForm({ initial, onSearch }: Props) {
  const { t } = useTranslation("request-form");
  const [lastName, setLastName] = useState(initial?.last_name ?? "");
  const [firstName, setFirstName] = useState(initial?.first_name ?? "");
  const [birthOn, setBirthOn] = useState<string | null>(initial?.birth_on ?? null);
  const enough = lastName.trim().length >= 2 || birthOn !== null;
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (!enough) return;
        onSearch({
          last_name: lastName.trim() || null,
          first_name: firstName.trim() || null,
          birth_on: birthOn,
        });
      }}
    >
      <Stack gap="md">
        <div className={classes.pair}>
          <TextInput
            id="search_last_name"
            label={t("person.last_name")}
            autoComplete="off"
            autoFocus
            value={lastName}
            onChange={(event) => setLastName(event.currentTarget.value)}
          />
          <TextInput
            id="search_first_name"
            label={t("person.first_name")}
            autoComplete="off"
            value={firstName}
            onChange={(event) => setFirstName(event.currentTarget.value)}
          />
        </div>
        <DateField id="search_birth_on" label={t("person.birth_on")} value={birthOn} onChange={setBirthOn} />
        <Button type="submit" leftSection={<IconSearch size={20} aria-hidden />} className={classes.start}>
          {t("person.search")}
        </Button>
      </Stack>
    </form>
  );
}
