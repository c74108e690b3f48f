import { useTranslation } from "react-i18next";

import classes from "./Shell.module.css";

export function SkipLink() {
  const { t } = useTranslation();
  return (
    <a href="#contenu" className={classes.skip}>
      {t("skip")}
    </a>
  );
}
