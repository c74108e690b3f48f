import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import classes from "./Shell.module.css";

export function Footer({ demonstration }: { demonstration: boolean }) {
  const { t } = useTranslation();
  return (
    <footer className={classes.footer}>
      <nav aria-label={t("shell.footer")}>
        <Link to="/aide">{t("pages.help")}</Link>
        <Link to="/mentions-legales">{t("pages.legal")}</Link>
        <Link to="/accessibilite">{t("pages.accessibility")}</Link>
        <Link to="/donnees-personnelles">{t("pages.privacy")}</Link>
      </nav>
      {demonstration && <span>{t("demonstration")}</span>}
    </footer>
  );
}
