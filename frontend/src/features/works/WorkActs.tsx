import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconDownload, IconFileAlert, IconPlayerStop } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { cancel, corrections, exported, keep, refreshWorks, type Side, type Work } from "../../api/works";
import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { ProblemSummary } from "../../ui/ProblemSummary";
import classes from "./Works.module.css";

const pages = { "structures.import": "/structures/import", "requests.import": "/demandes/import" };

/** What may be done with a work now: go on, fetch its file, stop it. */
export function WorkActs({ work, side, inPlace = false }: { work: Work; side: Side; inPlace?: boolean }) {
  const { t } = useTranslation("works");
  const queryClient = useQueryClient();
  const form = typeof work.parameters.form === "string" ? work.parameters.form : "xlsx";
  const isExport = work.kind.endsWith(".export");
  const fetchFile = useMutation({
    mutationFn: () => (isExport ? exported(work.kind, work.id) : corrections(work.kind, work.id)),
    onSuccess: (content) => keep(content, t(isExport ? "file.export" : "file.corrections", { form })),
  });
  const stop = useMutation({
    mutationFn: () => cancel(side, work.id),
    onSuccess: () => announce(t("cancelled")),
    onSettled: () => refreshWorks(queryClient),
  });
  const refused = fetchFile.error ?? stop.error;
  const isFaulty = (work.counts.faulty ?? 0) > 0 && !isExport && !work.forgotten && work.state !== "cancelled";
  return (
    <div>
      {refused && <ProblemSummary problem={asProblem(refused)} />}
      <div className={classes.acts}>
        {!inPlace && work.state === "prepared" && (
          <Button component={Link} to={`${pages[work.kind as keyof typeof pages]}?travail=${work.id}`}>
            {t("go_on")}
          </Button>
        )}
        {isExport && work.state === "done" && (
          <Button
            leftSection={<IconDownload size={18} aria-hidden />}
            loading={fetchFile.isPending}
            onClick={() => fetchFile.mutate()}
          >
            {t("download")}
          </Button>
        )}
        {isFaulty && (
          <Button
            variant="default"
            leftSection={<IconFileAlert size={18} aria-hidden />}
            loading={fetchFile.isPending}
            onClick={() => fetchFile.mutate()}
          >
            {t("corrections")}
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
