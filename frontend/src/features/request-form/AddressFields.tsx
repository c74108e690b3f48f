import { Stack, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import classes from "./RequestForm.module.css";
import type { PartProps } from "./NewPerson";

export function AddressFields({ typed, errors, change }: PartProps) {
  const { t } = useTranslation("request-form");
  return (
    <fieldset>
      <legend className={classes.name}>{t("contact.address")}</legend>
      <Stack gap="md" mt="xs">
        <TextInput
          id="contact.address.lines"
          label={t("contact.lines")}
          autoComplete="off"
          value={typed.line}
          error={errors["contact.address.lines"] ?? errors["contact.address.lines.0"]}
          onChange={(event) => change({ line: event.currentTarget.value })}
        />
        <div className={classes.pair}>
          <TextInput
            id="contact.address.postcode"
            label={t("contact.postcode")}
            inputMode="numeric"
            autoComplete="off"
            maxLength={5}
            value={typed.postcode}
            error={errors["contact.address.postcode"]}
            onChange={(event) => change({ postcode: event.currentTarget.value })}
          />
          <TextInput
            id="contact.address.city"
            label={t("contact.city")}
            autoComplete="off"
            value={typed.city}
            error={errors["contact.address.city"]}
            onChange={(event) => change({ city: event.currentTarget.value })}
          />
        </div>
      </Stack>
    </fieldset>
  );
}
