import { Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { partnerStructure } from "../../api/partners";
import { identifierKindValues, noNumberReasonValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { checkNir, formatNir } from "../../lib/nir";
import widths from "../../ui/fields.module.css";
import { Rich } from "../../ui/Rich";
import { OneOf } from "../../ui/Ticks";
import classes from "./RequestForm.module.css";
import type { PartProps } from "./NewPerson";

/** The number, a temporary one, or none and why. Its key is checked as one types. */
export function IdentifierFields({ typed, errors, change }: PartProps) {
  const { t } = useTranslation("request-form");
  const code = useCode();
  const structure = useQuery(partnerStructure());
  const allowed = structure.data?.nir_allowed ?? false;
  // A NIA becomes the NIR: who may not hold one may not hold the other.
  const kinds = identifierKindValues.filter((kind) => allowed || (kind !== "nir" && kind !== "nia"));
  const { kind } = typed;
  return (
    <section className={classes.section}>
      <h2>{t("identifier.title")}</h2>
      <Stack gap="lg">
        {structure.data && !allowed && (
          <p className={classes.lead}>
            <Rich text={t("identifier.not_allowed")} />
          </p>
        )}
        <OneOf
          id="identifier.kind"
          legend={t("identifier.kind")}
          error={errors["identifier.kind"] ?? errors.identifier}
          values={kinds}
          labelOf={(one) => code("identifier_kind", one)}
          chosen={kind}
          onChange={(one) => change({ kind: one, value: "", none_reason: null })}
        />
        {kind && kind !== "none" && <NumberField typed={typed} errors={errors} change={change} />}
        {kind === "none" && (
          <OneOf
            id="identifier.none_reason"
            legend={t("identifier.reason")}
            error={errors["identifier.none_reason"]}
            values={noNumberReasonValues}
            labelOf={(one) => code("no_number_reason", one)}
            chosen={typed.none_reason}
            onChange={(none_reason) => change({ none_reason })}
          />
        )}
      </Stack>
    </section>
  );
}

function NumberField({ typed, errors, change }: PartProps) {
  const { t } = useTranslation("request-form");
  const [left, setLeft] = useState(false);
  const isNir = typed.kind === "nir" || typed.kind === "nia";
  const check = isNir && typed.value ? checkNir(typed.value) : null;
  // While one types, only a wrong key or a wrong shape is worth a word; what is short is said on leaving.
  const wrong = check && check !== "ok" && (left || check === "key" || check === "shape") ? t(`identifier.${check}`) : null;
  return (
    <div>
      <TextInput
        id="identifier.value"
        label={t("identifier.value")}
        description={t(isNir ? "identifier.help_nir" : "identifier.help_other")}
        inputMode={isNir ? "text" : "numeric"}
        autoComplete="off"
        classNames={{ wrapper: widths.identifier }}
        maxLength={24}
        value={isNir ? formatNir(typed.value) : typed.value}
        error={wrong ?? errors["identifier.value"]}
        onBlur={() => setLeft(true)}
        onChange={(event) => change({ value: event.currentTarget.value })}
      />
      <span role="status" className={classes.lead}>
        {check === "ok" && t("identifier.ok")}
      </span>
    </div>
  );
}
