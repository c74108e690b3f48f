import { Checkbox, Stack, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { channelValues, phoneKindValues } from "../../api/schema";
import codes from "../../i18n/fr/codes.json";
import { useCode } from "../../i18n/use-code";
import { Choice } from "../../ui/Choice";
import { AccessFields } from "../../ui/person/AccessFields";
import { AddressFields } from "./AddressFields";
import classes from "./RequestForm.module.css";
import type { PartProps } from "./NewPerson";

const languages = Object.keys(codes.language);

export function ContactFields({ typed, errors, change }: PartProps) {
  const { t } = useTranslation("request-form");
  const code = useCode();
  return (
    <section className={classes.section}>
      <h2>{t("contact.title")}</h2>
      <Stack gap="md">
        <div className={classes.pair}>
          <TextInput
            id="contact.phone"
            label={t("contact.phone")}
            type="tel"
            autoComplete="off"
            value={typed.phone}
            error={errors["contact.phone"] ?? errors.contact}
            onChange={(event) => change({ phone: event.currentTarget.value })}
          />
          <Choice
            id="contact.phone_kind"
            label={t("contact.phone_kind")}
            value={typed.phone_kind}
            values={phoneKindValues}
            error={errors["contact.phone_kind"]}
            labelOf={(one) => code("phone_kind", one)}
            onChange={(phone_kind) => phone_kind && change({ phone_kind })}
          />
        </div>
        <AccessFields
          given={typed.access}
          errors={errors}
          onChange={(changed) => change({ access: { ...typed.access, ...changed } })}
        />
        <TextInput
          id="contact.safe_hours"
          label={t("contact.safe_hours")}
          description={t("contact.safe_hours_help")}
          autoComplete="off"
          value={typed.safe_hours}
          error={errors["contact.safe_hours"]}
          onChange={(event) => change({ safe_hours: event.currentTarget.value })}
        />
        <div className={classes.pair}>
          <Choice
            id="contact.language"
            label={t("contact.language")}
            value={typed.language}
            values={languages}
            error={errors["contact.language"]}
            labelOf={(one) => code("language", one)}
            onChange={(language) => language && change({ language })}
          />
          <Checkbox
            className={classes.alone}
            label={t("contact.interpreter")}
            checked={typed.interpreter}
            onChange={(event) => change({ interpreter: event.currentTarget.checked })}
          />
        </div>
        <Choice
          id="contact.preferred_channel"
          label={t("contact.preferred_channel")}
          value={typed.preferred_channel}
          values={channelValues}
          error={errors["contact.preferred_channel"]}
          labelOf={(one) => code("channel", one)}
          onChange={(preferred_channel) => preferred_channel && change({ preferred_channel })}
        />
        <TextInput
          id="contact.email"
          label={t("contact.email")}
          type="email"
          autoComplete="off"
          value={typed.email}
          error={errors["contact.email"]}
          onChange={(event) => change({ email: event.currentTarget.value })}
        />
        <AddressFields typed={typed} errors={errors} change={change} />
      </Stack>
    </section>
  );
}
