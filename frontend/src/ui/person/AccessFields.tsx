import { useTranslation } from "react-i18next";

import { accessNeedValues, contactCautionValues, safeMomentValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { Ticks } from "../Ticks";
import type { Access } from "./access";

type Props = { given: Access; errors?: Record<string, string>; onChange: (changed: Partial<Access>) => void };

/** When to call, what not to do, what it takes to understand and to come: closed lists, no word about health. */
export function AccessFields({ given, errors = {}, onChange }: Props) {
  const { t } = useTranslation();
  const code = useCode();
  return (
    <>
      <Ticks
        id="contact.safe_moments"
        legend={t("person_needs.moments_legend")}
        values={safeMomentValues}
        chosen={given.safe_moments}
        error={errors["contact.safe_moments"]}
        labelOf={(one) => code("safe_moment", one)}
        onChange={(safe_moments) => onChange({ safe_moments })}
      />
      <Ticks
        id="contact.cautions"
        legend={t("person_needs.cautions_legend")}
        help={t("person_needs.cautions_help")}
        values={contactCautionValues}
        chosen={given.cautions}
        error={errors["contact.cautions"]}
        labelOf={(one) => code("contact_caution", one)}
        onChange={(cautions) => onChange({ cautions })}
      />
      <Ticks
        id="contact.access_needs"
        legend={t("person_needs.access_legend")}
        help={t("person_needs.access_help")}
        values={accessNeedValues}
        chosen={given.access_needs}
        error={errors["contact.access_needs"]}
        labelOf={(one) => code("access_need", one)}
        onChange={(access_needs) => onChange({ access_needs })}
      />
    </>
  );
}
