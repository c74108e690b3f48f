import { Stack, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { careTypeValues, renunciationReasonValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { Ticks } from "../../ui/Ticks";
import type { Care } from "./api";
import { useMisasDraft } from "./draft-context";
import classes from "./RequestForm.module.css";

/** Which care was given up and, for each, why. */
export function Cares({ errors }: { errors: Record<string, string> }) {
  const { t } = useTranslation("request-form");
  const code = useCode();
  const { form, change } = useMisasDraft();
  const cares = form.renounced_care;
  const update = (index: number, patch: Partial<Care>) =>
    change({ renounced_care: cares.map((care, at) => (at === index ? { ...care, ...patch } : care)) });
  return (
    <Stack gap="lg">
      <Ticks
        id="renounced_care"
        legend={t("fields.renounced_care")}
        help={t("situation.several")}
        error={errors.renounced_care}
        values={careTypeValues}
        labelOf={(one) => code("care_type", one)}
        chosen={cares.flatMap((care) => care.care_type ?? [])}
        onChange={(types) =>
          change({
            renounced_care: types.map(
              (care_type) =>
                cares.find((care) => care.care_type === care_type) ?? { care_type, detail: null, reasons: [] },
            ),
          })
        }
      />
      {cares.map((care, index) => (
        <div key={care.care_type ?? index} className={classes.care}>
          <Stack gap="md">
            {care.care_type === "other" && (
              <TextInput
                id={`renounced_care.${index}.detail`}
                label={t("situation.which_care")}
                description={t("situation.which_care_help")}
                value={care.detail ?? ""}
                error={errors[`renounced_care.${index}.detail`]}
                maxLength={120}
                onChange={(event) => update(index, { detail: event.currentTarget.value || null })}
              />
            )}
            <Ticks
              id={`renounced_care.${index}.reasons`}
              legend={t("situation.why", { care: care.care_type ? code("care_type", care.care_type) : "" })}
              error={errors[`renounced_care.${index}.reasons`]}
              values={renunciationReasonValues}
              labelOf={(one) => code("renunciation_reason", one)}
              chosen={care.reasons}
              onChange={(reasons) => update(index, { reasons })}
            />
          </Stack>
        </div>
      ))}
    </Stack>
  );
}
