import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import type { Problem } from "../lib/problem";
import { Notice } from "./Notice";

type Props = {
  problem: Problem | null | undefined;
  /** Label of each field, to name it in the summary; the link leads to the element with that id. */
  fields?: Record<string, string>;
};

/** Why the act was refused, above the form; takes focus each time a new refusal arrives. */
export function ProblemSummary({ problem, fields = {} }: Props) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problem) box.current?.focus();
  }, [problem]);
  if (!problem) return null;
  const errors = problem.errors ?? [];
  return (
    <div ref={box} tabIndex={-1} role="alert">
      <Notice tone="danger" title={problem.title}>
        {problem.detail && <p>{problem.detail}</p>}
        {errors.length > 0 && (
          <ul>
            {errors.map(({ field, message }) => {
              const name = field.replace(/^body\./, "");
              const label = fields[name];
              return (
                <li key={`${name} ${message}`}>
                  {label ? <a href={`#${name}`}>{t("problem.field", { label, message })}</a> : message}
                </li>
              );
            })}
          </ul>
        )}
      </Notice>
    </div>
  );
}
