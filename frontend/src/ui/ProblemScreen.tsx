import { Button, Group } from "@mantine/core";
import { IconArrowLeft, IconRefresh } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { formatInstant } from "../lib/dates";
import { asProblem, type Problem } from "../lib/problem";
import { Notice } from "./Notice";

/** A part of the page that could not be shown, with two ways out: try again, go back. */
export function ProblemScreen({ error, retry, back = "/" }: { error: unknown; retry?: () => void; back?: string }) {
  const { t } = useTranslation();
  const problem = describe(asProblem(error), t);
  return (
    <Notice tone="danger" title={problem.title} role="alert">
      <p>{problem.detail}</p>
      {problem.txn && <p>{t("problem.reference", { txn: problem.txn, at: formatInstant(new Date().toISOString()) })}</p>}
      <Group gap="xs" mt="sm">
        {retry && (
          <Button variant="default" leftSection={<IconRefresh size={18} aria-hidden />} onClick={retry}>
            {t("act.retry")}
          </Button>
        )}
        <Button variant="subtle" component={Link} to={back} leftSection={<IconArrowLeft size={18} aria-hidden />}>
          {t("act.back")}
        </Button>
      </Group>
    </Notice>
  );
}

/** What the service says is shown as it is; these two are said more kindly here. */
function describe(problem: Problem, t: (key: "problem.not_found_title" | "problem.not_found_detail" | "problem.forbidden_detail") => string): Problem {
  if (problem.status === 404)
    return { ...problem, title: t("problem.not_found_title"), detail: t("problem.not_found_detail"), txn: undefined };
  if (problem.status === 403 && !problem.detail) return { ...problem, detail: t("problem.forbidden_detail") };
  return problem;
}
