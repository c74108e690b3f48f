import { useTranslation } from "react-i18next";

import { referralMotiveValues, referralScopeValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { Ticks } from "../../ui/Ticks";
import { Cares } from "./Cares";
import { useMisasDraft } from "./draft-context";
import { NoteField } from "./NoteField";
import { StepFrame } from "./StepFrame";

/** What a MisAS referral is about. */
export function MisasSituation() {
  const { t } = useTranslation("request-form");
  const code = useCode();
  const { form, change } = useMisasDraft();
  const renounces = form.scopes.includes("renoncement_soins");
  const fields: Record<string, string> = {
    scopes: t("fields.scopes"),
    motives: t("fields.motives"),
    renounced_care: t("fields.renounced_care"),
    situation_note: t("fields.situation_note"),
    detector_note: t("fields.detector_note"),
  };
  form.renounced_care.forEach((care, index) => {
    const name = care.care_type ? code("care_type", care.care_type) : t("fields.renounced_care");
    fields[`renounced_care.${index}.reasons`] = name;
    fields[`renounced_care.${index}.detail`] = name;
  });
  return (
    <StepFrame step="situation" title={t("situation.title")} back="/demandes" next="agreement" fields={fields}>
      {(errors) => (
        <>
          <Ticks
            id="scopes"
            legend={t("fields.scopes")}
            help={t("situation.several")}
            error={errors.scopes}
            values={referralScopeValues}
            labelOf={(one) => code("referral_scope", one)}
            chosen={form.scopes}
            onChange={(scopes) =>
              change(scopes.includes("renoncement_soins") ? { scopes } : { scopes, renounced_care: [] })
            }
          />
          {renounces && <Cares errors={errors} />}
          <Ticks
            id="motives"
            legend={t("fields.motives")}
            help={t("situation.several")}
            error={errors.motives}
            values={referralMotiveValues}
            labelOf={(one) => code("referral_motive", one)}
            chosen={form.motives}
            onChange={(motives) => change({ motives })}
          />
          <NoteField
            id="situation_note"
            label={t("fields.situation_note")}
            help={t("situation.note_help")}
            value={form.situation_note}
            error={errors.situation_note}
            onChange={(situation_note) => change({ situation_note })}
          />
          <NoteField
            id="detector_note"
            label={t("fields.detector_note")}
            help={t("situation.detector_help")}
            value={form.detector_note}
            error={errors.detector_note}
            onChange={(detector_note) => change({ detector_note })}
          />
        </>
      )}
    </StepFrame>
  );
}
