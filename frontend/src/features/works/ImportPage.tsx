import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { useActive } from "../../api/active";
import { type ImportKind, sideOf, sourceOf, type Work, workOf } from "../../api/works";
import { PageTitle } from "../../ui/PageTitle";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { Steps } from "../../ui/Steps";
import { useUrlState } from "../../ui/url-state";
import { Waiting } from "../../ui/Waiting";
import { FileStep } from "./FileStep";
import { PreviewStep } from "./PreviewStep";
import { ResultStep } from "./ResultStep";
import classes from "./Works.module.css";

const order = ["file", "preview", "result"] as const;

function stepOf(work: Work | undefined): (typeof order)[number] {
  if (!work || work.state === "cancelled" || (work.state === "expired" && work.done === 0)) return "file";
  return work.state === "prepared" ? "preview" : "result";
}

/** Choose a file, look at what would happen, have it done; the address keeps where one is. */
export function ImportPage({ kind, modes }: { kind: ImportKind; modes: readonly string[] }) {
  const { t } = useTranslation("works");
  const side = sideOf(useActive().audience);
  const url = useUrlState();
  const id = url.get("travail");
  const work = useQuery({ ...workOf(side, sourceOf(kind), id ?? ""), enabled: id !== undefined });
  const at = stepOf(work.data);
  const steps = order.map((name, rank) => ({
    name: t(`step.${name}`),
    status: name === at ? ("current" as const) : rank < order.indexOf(at) ? ("done" as const) : ("todo" as const),
  }));
  const open = (travail: string | undefined) => url.set({ travail });
  return (
    <div className={classes.stack}>
      <PageTitle>{t(`import_title.${kind}` as never)}</PageTitle>
      <Steps label={t("steps")} steps={steps} />
      {id !== undefined && work.isPending && <Waiting rows={6} />}
      {work.isError && <ProblemScreen error={work.error} retry={() => void work.refetch()} />}
      {(id === undefined || (work.data && at === "file")) && <FileStep kind={kind} modes={modes} onSent={open} />}
      {work.data && at === "preview" && <PreviewStep kind={kind} work={work.data} side={side} />}
      {work.data && at === "result" && <ResultStep work={work.data} side={side} onAgain={() => open(undefined)} />}
    </div>
  );
}
