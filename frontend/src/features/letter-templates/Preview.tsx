import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { IconFileDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { savePdf } from "../../api/letters";
import { asProblem } from "../../lib/problem";
import { Notice } from "../../ui/Notice";
import { Panel } from "../../ui/Panel";
import { Waiting } from "../../ui/Waiting";
import { type Language, previewPages, previewPdf, type Text } from "./api";
import classes from "./Templates.module.css";

/** How the text looks on invented data, a moment after the typing stops; what is wrong with it is said in its place. */
export function Preview({ kind, language, text }: { kind: string; language: Language; text: Text }) {
  const { t } = useTranslation("letter-templates");
  const [settled] = useDebouncedValue(text, 500);
  const query = useQuery({
    queryKey: ["letter-preview", kind, language, settled.subject, settled.body],
    queryFn: () => previewPages(kind, language, settled),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 10_000,
  });
  const download = useMutation({ mutationFn: () => savePdf(previewPdf(kind, language, text), t("preview.file")) });
  const problem = query.isError ? asProblem(query.error) : null;
  return (
    <Panel
      title={t("preview.title")}
      className={classes.preview}
      flush
      aside={
        <Button
          variant="default"
          leftSection={<IconFileDownload size={20} aria-hidden />}
          loading={download.isPending}
          disabled={problem !== null}
          onClick={() => download.mutate()}
        >
          {t("preview.pdf")}
        </Button>
      }
    >
      <div className={classes.pages} aria-live="polite">
        {problem && (
          <Notice tone="turn" title={problem.title}>
            {problem.errors ? (
              <ul>
                {problem.errors.map((one) => (
                  <li key={one.message}>{one.message}</li>
                ))}
              </ul>
            ) : (
              <p>{problem.detail}</p>
            )}
          </Notice>
        )}
        {query.isPending && <Waiting rows={12} />}
        <div className={query.isPlaceholderData || problem ? classes.stale : undefined}>
          {query.data?.pages.map((page, index) => (
            <img key={page.slice(-40)} src={page} alt={t("preview.page", { number: index + 1 })} />
          ))}
        </div>
      </div>
    </Panel>
  );
}
