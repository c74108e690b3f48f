import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  IconDownload,
  IconFileTypePdf,
  IconPhoto,
  IconShieldCheck,
  IconShieldOff,
  IconShieldX,
  IconHourglassEmpty,
  IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { type DocumentOut, documents, removeDocument, saveDocument, type Side } from "../../api/documents";
import { useCode } from "../../i18n/use-code";
import { formatInstant } from "../../lib/dates";
import { asProblem } from "../../lib/problem";
import { announce } from "../Announcer";
import { Confirm } from "../Confirm";
import { ProblemSummary } from "../ProblemSummary";
import classes from "./Documents.module.css";
import { sizeOf } from "./sizes";

type Props = { side: Side; requestId: string; items: DocumentOut[] };

/** The documents of a request, from both sides: what each is, whether it can be trusted, what may be done with it. */
export function DocumentList({ side, requestId, items }: Props) {
  const { t } = useTranslation("documents");
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: documents(side, requestId).queryKey });
  const [leaving, setLeaving] = useState<DocumentOut | null>(null);
  const save = useMutation({ mutationFn: (id: string) => saveDocument(side, requestId, id), onError: refresh });
  const remove = useMutation({
    mutationFn: (id: string) => removeDocument(side, requestId, id),
    onSuccess: () => {
      setLeaving(null);
      announce(t("removed"));
      return refresh();
    },
  });
  if (items.length === 0) return <p className={classes.quiet}>{t("none")}</p>;
  return (
    <>
      <ProblemSummary problem={save.error && asProblem(save.error)} />
      <ul className={classes.list}>
        {items.map((one) => (
          <li key={one.id} className={classes.document}>
            <About side={side} shown={one} />
            <div className={`${classes.acts} no-print`}>
              {one.open && (
                <Button
                  variant="default"
                  size="sm"
                  leftSection={<IconDownload size={18} aria-hidden />}
                  aria-label={t("save_one", { name: one.name })}
                  loading={save.isPending && save.variables === one.id}
                  onClick={() => save.mutate(one.id)}
                >
                  {t("save")}
                </Button>
              )}
              {one.remove && (
                <Button
                  variant="subtle"
                  color="red"
                  size="sm"
                  leftSection={<IconTrash size={18} aria-hidden />}
                  aria-label={t("remove_one", { name: one.name })}
                  onClick={() => setLeaving(one)}
                >
                  {t("remove")}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
      <Confirm
        opened={leaving !== null}
        title={t("remove_title")}
        confirm={t("remove")}
        danger
        pending={remove.isPending}
        problem={remove.error && asProblem(remove.error)}
        onConfirm={() => leaving && remove.mutate(leaving.id)}
        onClose={() => setLeaving(null)}
      >
        <p>{t("remove_detail", { name: leaving?.name })}</p>
      </Confirm>
    </>
  );
}

function About({ side, shown }: { side: Side; shown: DocumentOut }) {
  const { t } = useTranslation("documents");
  const code = useCode();
  const Kind = shown.media_type === "application/pdf" ? IconFileTypePdf : IconPhoto;
  const size = sizeOf(shown.size_bytes);
  const from = shown.side === "caisse" ? "caisse" : side === "partner" ? "you" : "partner";
  return (
    <div className={classes.about}>
      <Kind size={28} stroke={1.6} aria-hidden className={classes.icon} />
      <div className={classes.words}>
        <strong>{code("document_item", shown.item)}</strong>
        <span className={classes.name}>{shown.name}</span>
        <span className={classes.quiet}>
          {[t(`of.${from}`), shown.kept_at && formatInstant(shown.kept_at), t(`size.${size.unit}`, { n: size.n })]
            .filter(Boolean)
            .join(" · ")}
        </span>
        <State shown={shown} />
      </div>
    </div>
  );
}

const icons = { clean: IconShieldCheck, none: IconShieldOff, waiting: IconHourglassEmpty, refused: IconShieldX };

function State({ shown }: { shown: DocumentOut }) {
  const { t } = useTranslation("documents");
  const state = shown.state === "refused" ? "refused" : shown.scan;
  const Icon = icons[state];
  return (
    <span className={classes.state} data-tone={state}>
      <Icon size={18} aria-hidden />
      {t(`state.${state}`)}
      {shown.state === "available" && !shown.open && `. ${t("state.closed")}`}
    </span>
  );
}
