import { Button, Modal, Radio, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import classes from "./CompareVersions.module.css";

export type Difference = { name: string; label: string; mine: string; theirs: string };
export type Kept = Record<string, "mine" | "theirs">;

type Props = { differences: Difference[]; onChosen: (kept: Kept) => void };

/** Two people on one file: each difference side by side, one choice each; nothing is overwritten in silence. */
export function CompareVersions({ differences, onChosen }: Props) {
  const { t } = useTranslation();
  const [kept, setKept] = useState<Kept>({});
  return (
    <Modal opened onClose={() => undefined} withCloseButton={false} closeOnEscape={false} closeOnClickOutside={false} size="xl" title={t("compare.title")}>
      <Stack gap="lg">
        <p className={classes.detail}>{t("compare.detail")}</p>
        {differences.map(({ name, label, mine, theirs }) => (
          <fieldset key={name} className={classes.difference}>
            <legend>{label}</legend>
            <div className={classes.sides}>
              {(["mine", "theirs"] as const).map((side) => (
                <div key={side} className={classes.side}>
                  <span className={classes.name}>{t(`compare.${side}`)}</span>
                  <p>{(side === "mine" ? mine : theirs) || t("compare.empty")}</p>
                  <Radio
                    name={name}
                    label={t(side === "mine" ? "compare.keep_mine" : "compare.keep_theirs")}
                    checked={(kept[name] ?? "mine") === side}
                    onChange={() => setKept({ ...kept, [name]: side })}
                  />
                </div>
              ))}
            </div>
          </fieldset>
        ))}
        <Button
          onClick={() => onChosen(Object.fromEntries(differences.map(({ name }) => [name, kept[name] ?? "mine"])))}
        >
          {t("compare.apply")}
        </Button>
      </Stack>
    </Modal>
  );
}
