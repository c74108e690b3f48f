import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { IconFileDownload, IconPrinter } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { misasSheet, savePdf } from "../../api/letters";
import { partnerStructure } from "../../api/partners";
import { asProblem } from "../../lib/problem";
import { PageTitle } from "../../ui/PageTitle";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { Waiting } from "../../ui/Waiting";
import { statement } from "./api";
import classes from "./RequestForm.module.css";
import { useDraft } from "./draft-context";
import { voiceOf } from "./kinds";

/** The sheet handed to the person: what is told, by whom, and where to sign. */
export default function SheetPage() {
  const { t } = useTranslation("request-form");
  const { request, form } = useDraft();
  const voice = voiceOf(form.kind);
  const text = useQuery(statement(form.kind));
  const structure = useQuery(partnerStructure());
  const pdf = useMutation({ mutationFn: () => savePdf(misasSheet(request.person?.id ?? ""), t("sheet.file")) });
  if (text.isPending) return <Waiting rows={6} />;
  if (text.isError) return <ProblemScreen error={text.error} retry={() => void text.refetch()} />;
  return (
    <article className={classes.column}>
      <PageTitle
        below={structure.data?.name}
        aside={
          <>
            {voice === "misas" && (
              <Button
                variant="default"
                leftSection={<IconFileDownload size={20} aria-hidden />}
                loading={pdf.isPending}
                onClick={() => pdf.mutate()}
              >
                {t("sheet.pdf")}
              </Button>
            )}
            <Button leftSection={<IconPrinter size={20} aria-hidden />} onClick={() => window.print()}>
              {t("sheet.print")}
            </Button>
          </>
        }
      >
        {voice === "misas" ? t("sheet.title") : text.data.title}
      </PageTitle>
      <ProblemSummary problem={pdf.error && asProblem(pdf.error)} />
      {text.data.paragraphs.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      <p className={classes.name}>{t(`sheet.agrees_of.${voice}`, { name: request.person?.display_name ?? "" })}</p>
      <div className={classes.signature}>
        <span>{t("sheet.date")}</span>
        <span>{t("sheet.signature")}</span>
      </div>
      <p className={classes.small}>{t("sheet.version", { version: text.data.version })}</p>
    </article>
  );
}
