import { Checkbox } from "@mantine/core";
import { useTranslation } from "react-i18next";

import codes from "../i18n/fr/codes.json";
import { useCode } from "../i18n/use-code";
import { Choice } from "./Choice";
import classes from "./NeedsFields.module.css";

export type Needs = { interpreter: boolean; language: string | null; accessibility: boolean };

export const noNeeds: Needs = { interpreter: false, language: null, accessibility: false };

/** What lengthens a slot; the language does not. */
export const lengthOf = ({ interpreter, accessibility }: Needs) => ({ interpreter, accessibility });

/** Sign language and every spoken one but French, which needs no interpreter. */
const languages = Object.keys(codes.language).filter((one) => one !== "fr");

type Props = {
  needs: Needs;
  /** What each need adds to the slot; unsaid while the kind of appointment is unknown. */
  adds?: { interpreter_minutes: number; accessibility_minutes: number };
  onChange: (needs: Needs) => void;
};

/** What a person needs to be received: an interpreter, in which language, and an adapted reception. */
export function NeedsFields({ needs, adds, onChange }: Props) {
  const { t } = useTranslation();
  const code = useCode();
  const more = (minutes: number | undefined) => (minutes ? t("needs.more", { minutes }) : undefined);
  return (
    <fieldset className={classes.needs}>
      <legend>{t("needs.legend")}</legend>
      <Checkbox
        label={t("needs.interpreter")}
        description={more(adds?.interpreter_minutes)}
        checked={needs.interpreter}
        onChange={({ currentTarget: { checked } }) =>
          onChange({ ...needs, interpreter: checked, language: checked ? needs.language : null })
        }
      />
      {needs.interpreter && (
        <div className={classes.language}>
          <Choice
            id="language"
            label={t("needs.language")}
            value={needs.language ?? undefined}
            values={languages}
            none={t("needs.unknown_language")}
            labelOf={(one) => code("language", one)}
            onChange={(language) => onChange({ ...needs, language: language ?? null })}
          />
        </div>
      )}
      <Checkbox
        label={t("needs.accessibility")}
        description={more(adds?.accessibility_minutes)}
        checked={needs.accessibility}
        onChange={({ currentTarget: { checked } }) => onChange({ ...needs, accessibility: checked })}
      />
    </fieldset>
  );
}
