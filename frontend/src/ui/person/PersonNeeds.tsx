import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useCode } from "../../i18n/use-code";
import { Notice } from "../Notice";
import type { PersonNeeds } from "./access";
import classes from "./PersonNeeds.module.css";

/** What whoever calls, writes or books must know, said where it is about to be done; nothing while nothing is told. */
export function NeedsNotice({ known }: { known: PersonNeeds }) {
  const { t } = useTranslation();
  const lines = useLines(known);
  if (lines.length === 0) return null;
  return (
    <div className={classes.notice}>
      <Notice tone="turn" title={t("person_needs.title")}>
        <ul className={classes.list}>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}

/** The same on one line, beside a number to call where the whole stands already on the page. */
export function NeedsLine({ known }: { known: PersonNeeds }) {
  const { t } = useTranslation();
  const lines = useLines(known);
  if (lines.length === 0) return null;
  return (
    <p className={classes.line}>
      <IconAlertTriangle size={18} aria-hidden />
      <span>
        <strong>{t("person_needs.before_calling")}</strong> {lines.join(" · ")}
      </span>
    </p>
  );
}

/** The same in a quiet list, for the page of who gave it. */
export function NeedsList({ known }: { known: PersonNeeds }) {
  const { t } = useTranslation();
  const lines = useLines(known);
  if (lines.length === 0) return <p className={classes.none}>{t("person_needs.none")}</p>;
  return (
    <ul className={classes.list}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

/** What puts the person at risk comes first. */
function useLines(known: PersonNeeds): string[] {
  const { t } = useTranslation();
  const code = useCode();
  const moments = [...known.safe_moments.map((one) => code("safe_moment", one).toLocaleLowerCase("fr")), known.safe_hours].filter(Boolean);
  const foreign = known.language !== "fr" || known.interpreter;
  const spoken = [code("language", known.language), known.interpreter && t("person_needs.interpreter")].filter(Boolean);
  return [
    ...known.cautions.map((one) => code("contact_caution", one)),
    ...(moments.length > 0 ? [t("person_needs.moments", { when: moments.join(", ") })] : []),
    ...(foreign ? [t("person_needs.speaks", { language: spoken.join(", ") })] : []),
    ...known.access_needs.map((one) => code("access_need", one)),
  ];
}
