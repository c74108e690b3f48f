import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Answer } from "./api";
import classes from "./Orientation.module.css";

/** What was answered so far, each to be changed; what follows a changed answer is asked again. */
export function PathRecap({ path, onChange }: { path: Answer["path"]; onChange: (position: number) => void }) {
  const { t } = useTranslation("orientation");
  return (
    <section className={classes.recap} aria-labelledby="vos-reponses">
      <h2 id="vos-reponses" className={classes.recapTitle}>
        {t("recap.title")}
      </h2>
      <ol className={classes.given}>
        {path.map((one, position) => (
          <li key={one.question}>
            <div>
              <span className={classes.asked}>{one.text}</span>
              <span className={classes.said}>{one.label}</span>
            </div>
            <Button
              variant="subtle"
              aria-label={t("recap.change_named", { question: one.text })}
              onClick={() => onChange(position)}
            >
              {t("recap.change")}
            </Button>
          </li>
        ))}
      </ol>
    </section>
  );
}
