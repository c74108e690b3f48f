import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { IconFileDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { partnerLetter, savePdf } from "../../api/letters";
import { formatInstant } from "../../lib/dates";
import { asProblem } from "../../lib/problem";
import { Panel } from "../../ui/Panel";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { letters, type PartnerRequest } from "./api";
import classes from "./Request.module.css";

/** Letters that the caisse addressed to the structure; nothing is shown while there is none. */
export function Letters({ request }: { request: PartnerRequest }) {
  const { t } = useTranslation("request");
  const query = useQuery(letters(request.id));
  const read = useMutation({ mutationFn: (id: string) => savePdf(partnerLetter(id), request.number ?? t("letters.file")) });
  if (!query.data?.length) return null;
  return (
    <Panel title={t("letters.title")}>
      <ProblemSummary problem={read.error && asProblem(read.error)} />
      <ul className={classes.ledger}>
        {query.data.map((letter) => (
          <li key={letter.id}>
            <strong>{letter.label}</strong>
            <span>{formatInstant(letter.made_at)}</span>
            <Button
              variant="subtle"
              leftSection={<IconFileDownload size={18} aria-hidden />}
              aria-label={t("letters.pdf_of", { label: letter.label })}
              loading={read.isPending && read.variables === letter.id}
              onClick={() => read.mutate(letter.id)}
            >
              {t("letters.pdf")}
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
