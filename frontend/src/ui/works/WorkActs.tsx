import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconDownload, IconFileAlert, IconPlayerStop, IconPrinter } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { cancel, LETTERS, refreshWorks, refusedOf, resultOf, type Side, type Work } from "../../api/works";
import { asProblem } from "../../lib/problem";
import { saveFile } from "../../lib/save-file";
import { announce } from "../Announcer";
import { ProblemSummary } from "../ProblemSummary";
import classes from "./WorkParts.module.css";

const pages = { "structures.import": "/structures/import", "requests.import": "/demandes/import" };

/** What may be done with a work now: go on, fetch its file, stop it. */
export function WorkActs({ work, side, inPlace = false }: { work: Work; side: Side; inPlace?: boolean }) {
  const { t } = useTranslation("works");
  const queryClient = useQueryClient();
  const form = typeof work.parameters.form === "string" ? work.parameters.form : "xlsx";
  const isLetters = work.kind === LETTERS;
  const made = isLetters ? (work.counts.created ?? 0) > 0 : work.kind.endsWith(".export");
  const hasResult = made && work.state === "done" && !work.forgotten;
  const hasRefused = (work.counts.faulty ?? 0) > 0 && !work.forgotten && work.state !== "cancelled";
  const result = useMutation({
    mutationFn: () => resultOf(work),
    onSuccess: (content) => saveFile(content as Blob, t(isLetters ? "file.letters" : "file.export", { form })),
  });
  const refusedRows = useMutation({
    mutationFn: () => refusedOf(work),
    onSuccess: (content) => saveFile(content as Blob, t(isLetters ? "file.not_made" : "file.corrections")),
  });
  const stop = useMutation({
    mutationFn: () => cancel(side, work),
    onSuccess: () => announce(t("cancelled")),
    onSettled: () => refreshWorks(queryClient),
  });
  const refused = result.error ?? refusedRows.error ?? stop.error;
  return (
    <div>
      {refused && <ProblemSummary problem={asProblem(refused)} />}
      <div className={classes.acts}>
        {!inPlace && work.state === "prepared" && (
          <Button component={Link} to={`${pages[work.kind as keyof typeof pages]}?travail=${work.id}`}>
            {t("go_on")}
          </Button>
        )}
        {hasResult && (
          <Button
            leftSection={isLetters ? <IconPrinter size={18} aria-hidden /> : <IconDownload size={18} aria-hidden />}
            loading={result.isPending}
            onClick={() => result.mutate()}
          >
            {t(isLetters ? "print" : "download")}
          </Button>
        )}
        {hasRefused && (
          <Button
            variant="default"
            leftSection={<IconFileAlert size={18} aria-hidden />}
            loading={refusedRows.isPending}
            onClick={() => refusedRows.mutate()}
          >
            {t(isLetters ? "not_made" : "corrections")}
          </Button>
        )}
        {work.can_cancel && (
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={18} aria-hidden />}
            loading={stop.isPending}
            onClick={() => stop.mutate()}
          >
            {t(work.state === "prepared" ? "give_up" : "stop")}
          </Button>
        )}
      </div>
    </div>
  );
}
