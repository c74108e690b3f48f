import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconCircleCheck, IconCircleDashed, IconCirclePlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { documents, type RequestDocuments, type Side } from "../../api/documents";
import { useCode } from "../../i18n/use-code";
import { Panel } from "../Panel";
import { ProblemScreen } from "../ProblemScreen";
import { Waiting } from "../Waiting";
import { AddDocuments } from "./AddDocuments";
import { DocumentList } from "./DocumentList";
import classes from "./Documents.module.css";

type Props = { side: Side; requestId: string; onSent?: () => void };

/** The documents of a request on its page. */
export function DocumentsPanel(props: Props) {
  const { t } = useTranslation("documents");
  return (
    <Panel title={t("title")}>
      <Documents {...props} />
    </Panel>
  );
}

/** The documents of a request: what helps, what is there, what may be added. */
export function Documents({ side, requestId, onSent }: Props) {
  const { t } = useTranslation("documents");
  const query = useQuery(documents(side, requestId));
  if (query.isPending) return <Waiting rows={3} />;
  if (query.isError) return <ProblemScreen error={query.error} retry={() => void query.refetch()} />;
  const shown = query.data;
  if (shown.withheld) return <p className={classes.quiet}>{t("withheld")}</p>;
  return (
    <Stack gap="lg">
      {shown.checklist.length > 0 && <Checklist lines={shown.checklist} />}
      <DocumentList side={side} requestId={requestId} items={shown.items} />
      {(shown.add || side === "partner") && (
        <div className="no-print">
          <AddDocuments side={side} requestId={requestId} shown={shown} onSent={onSent} />
        </div>
      )}
    </Stack>
  );
}

function Checklist({ lines }: { lines: RequestDocuments["checklist"] }) {
  const { t } = useTranslation("documents");
  const code = useCode();
  return (
    <div>
      <h3 className={classes.heading}>{t("checklist.title")}</h3>
      <p className={classes.quiet}>{t("checklist.intro")}</p>
      <ul className={classes.checklist}>
        {lines.map((line) => {
          const Icon = line.given ? IconCircleCheck : line.need === "expected" ? IconCircleDashed : IconCirclePlus;
          return (
            <li key={line.item} data-given={line.given || undefined}>
              <Icon size={20} aria-hidden />
              <span>
                {code("document_item", line.item)}
                <span className={classes.quiet}> ({t(`checklist.${line.given ? "given" : line.need}`)})</span>
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
