import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconPrinter } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { ProblemScreen } from "../../ui/ProblemScreen";
import { Waiting } from "../../ui/Waiting";
import { statement } from "./api";
import { useDraft } from "./draft-context";
import classes from "./RequestForm.module.css";

/** What is read to the person, word for word; the draft keeps which version was shown. */
export function StatementBox() {
  const { t } = useTranslation("request-form");
  const { form, saver, request } = useDraft();
  const text = useQuery(statement(form.kind));
  const shown = text.data?.version;
  useEffect(() => {
    if (shown && form.informed.statement_version !== shown) {
      saver.change({ informed: { ...form.informed, statement_version: shown } });
    }
  }, [shown, form.informed, saver]);
  if (text.isPending) return <Waiting rows={4} />;
  if (text.isError) return <ProblemScreen error={text.error} retry={() => void text.refetch()} />;
  return (
    <section className={classes.statement} aria-labelledby="statement" id="informed.statement_version">
      <h2 id="statement">{t("agreement.statement")}</h2>
      {text.data.paragraphs.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      <Button
        component={Link}
        to={`/saisine/${request.id}/fiche`}
        target="_blank"
        variant="default"
        size="sm"
        leftSection={<IconPrinter size={18} aria-hidden />}
      >
        {t("agreement.sheet")}
      </Button>
    </section>
  );
}
