import { Button } from "@mantine/core";
import { IconArrowLeft, IconPrinter } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Ledger } from "../../api/ledger";
import { formatDay, todayIso } from "../../lib/dates";
import { PageTitle } from "../PageTitle";
import classes from "./Ledger.module.css";
import { LedgerList } from "./LedgerList";

type Props = {
  ledger: Ledger;
  name: string | undefined;
  back: string;
  structureName: (id: string | null) => string | undefined;
};

/** The whole ledger on a page to be handed to the person: plain words, nothing of what was written. */
export function LedgerSheet({ ledger, name, back, structureName }: Props) {
  const { t } = useTranslation("person");
  return (
    <article className={classes.sheet}>
      <Link to={back} className={`${classes.back} no-print`}>
        <IconArrowLeft size={18} aria-hidden />
        {t("ledger.back")}
      </Link>
      <PageTitle
        below={t("ledger.printed", { day: formatDay(todayIso()) })}
        aside={
          <Button leftSection={<IconPrinter size={20} aria-hidden />} onClick={() => window.print()}>
            {t("ledger.print")}
          </Button>
        }
      >
        {name ? t("ledger.title_person", { name }) : t("ledger.title")}
      </PageTitle>
      <p>{t("ledger.intro")}</p>
      <LedgerList ledger={ledger} structureName={structureName} numbered />
      <p>{t("ledger.rights", { caisse: ledger.caisse_name })}</p>
    </article>
  );
}
