import { Stack, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { civilityValues, sexValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { Choice } from "../../ui/Choice";
import { DateField } from "../../ui/DateField";
import classes from "./RequestForm.module.css";
import type { PartProps } from "./NewPerson";

type TextName = "first_names" | "last_name" | "birth_name" | "birth_place";

export function IdentityFields({ typed, errors, change }: PartProps) {
  const { t } = useTranslation("request-form");
  const code = useCode();
  const text = (name: TextName) => (
    <TextInput
      id={name}
      label={t(`identity.${name}`)}
      autoComplete="off"
      value={typed[name]}
      error={errors[name]}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <section className={classes.section}>
      <h2>{t("identity.title")}</h2>
      <Stack gap="md">
        <Choice
          id="civility"
          label={t("identity.civility")}
          value={typed.civility ?? undefined}
          values={civilityValues}
          none={t("identity.none")}
          error={errors.civility}
          labelOf={(one) => code("civility", one)}
          onChange={(civility) => change({ civility: civility ?? null })}
        />
        <div className={classes.pair}>
          {text("first_names")}
          {text("last_name")}
        </div>
        {text("birth_name")}
        <DateField
          id="birth_on"
          label={t("identity.birth_on")}
          value={typed.birth_on}
          error={errors.birth_on}
          onChange={(birth_on) => change({ birth_on })}
        />
        <div className={classes.pair}>
          {text("birth_place")}
          <Choice
            id="sex"
            label={t("identity.sex")}
            value={typed.sex ?? undefined}
            values={sexValues}
            none={t("identity.none")}
            error={errors.sex}
            labelOf={(one) => code("sex", one)}
            onChange={(sex) => change({ sex: sex ?? null })}
          />
        </div>
      </Stack>
    </section>
  );
}
