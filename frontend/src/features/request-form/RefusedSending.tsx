import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { RequestKind } from "../../api/forms";
import type { Problem } from "../../lib/problem";
import { Notice } from "../../ui/Notice";
import { pathOf, stepOf } from "./steps";

type Props = { problem: Problem | null; requestId: string; kind: RequestKind };

/** Why the request could not be sent; each line leads to the step where it is mended. */
export function RefusedSending({ problem, requestId, kind }: Props) {
  const { t } = useTranslation("request-form");
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problem) box.current?.focus();
  }, [problem]);
  if (!problem) return null;
  return (
    <div ref={box} tabIndex={-1} role="alert">
      <Notice tone="danger" title={problem.title}>
        {problem.detail && <p>{problem.detail}</p>}
        <ul>
          {(problem.errors ?? []).map(({ field, message }) => (
            <li key={field + message}>
              <Link to={`${pathOf(requestId, stepOf(field))}#${field}`}>
                {t("summary.mend", {
                  step: stepOf(field) === "agreement" ? t("steps.agreement") : t(`steps.situation_of.${kind}`),
                  message,
                })}
              </Link>
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}
