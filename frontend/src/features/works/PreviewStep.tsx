import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { confirmImport, type ImportKind, preview, refreshWorks, type Side, type Work } from "../../api/works";
import { asProblem } from "../../lib/problem";
import { Notice } from "../../ui/Notice";
import { Panel } from "../../ui/Panel";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { Waiting } from "../../ui/Waiting";
import { RowTable } from "./RowTable";
import { WorkActs } from "../../ui/works/WorkActs";
import classes from "./Works.module.css";

const outcomes = ["created", "updated", "unchanged", "faulty"] as const;

/** What the import would do, row by row where something is wrong; then the choice. */
export function PreviewStep({ kind, work, side }: { kind: ImportKind; work: Work; side: Side }) {
  const { t } = useTranslation("works");
  const queryClient = useQueryClient();
  const shown = useQuery(preview(kind, work.id));
  const confirm = useMutation({
    mutationFn: () => confirmImport(kind, work.id, work.version),
    onSettled: () => refreshWorks(queryClient),
  });
  if (shown.isPending) return <Waiting rows={8} />;
  if (shown.isError) return <ProblemScreen error={shown.error} retry={() => void shown.refetch()} />;
  const { expected, first, faulty, headings, ignored } = shown.data;
  const accepted = (expected.created ?? 0) + (expected.updated ?? 0) + (expected.unchanged ?? 0);
  return (
    <div className={classes.stack}>
      <ProblemSummary problem={confirm.error ? asProblem(confirm.error) : null} />
      <ul className={classes.counts} aria-label={t("expected")}>
        {outcomes
          .filter((outcome) => (expected[outcome] ?? 0) > 0)
          .map((outcome) => (
            <li key={outcome}>
              <strong className="figures">{expected[outcome]}</strong>
              {t(`will.${outcome}`, { count: expected[outcome] })}
            </li>
          ))}
      </ul>
      {ignored.length > 0 && <Notice title={t("ignored")}>{ignored.join(", ")}</Notice>}
      {(expected.faulty ?? 0) > 0 && (
        <Notice tone="turn" title={t("faulty_title", { count: expected.faulty })}>
          {t("faulty_detail")}
        </Notice>
      )}
      {faulty.length > 0 && (
        <Panel title={t("faulty_rows")} flush>
          <RowTable caption={t("faulty_rows")} headings={headings} rows={faulty} withProblems />
        </Panel>
      )}
      <Panel title={t("first_rows")} flush>
        <RowTable caption={t("first_rows")} headings={headings} rows={first} />
      </Panel>
      <p>{t((kind === "detections.import" ? `will_happen.${kind}` : `will_happen.${kind}.${String(work.parameters.mode)}`) as never, { count: accepted })}</p>
      <div className={classes.acts}>
        <Button disabled={accepted === 0} loading={confirm.isPending} onClick={() => confirm.mutate()}>
          {t("confirm", { count: accepted })}
        </Button>
        <WorkActs work={{ ...work, counts: { faulty: expected.faulty ?? 0 } }} side={side} inPlace />
      </div>
    </div>
  );
}
