import { Button, CloseButton, NativeSelect, Progress } from "@mantine/core";
import { IconAlertTriangle, IconUpload } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { DocumentItem, RequestDocuments, Side } from "../../api/documents";
import { documentItemValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import classes from "./Documents.module.css";
import { sizeOf } from "./sizes";
import { type Sending, useSendings } from "./use-sendings";

const ACCEPTED = ".pdf,.jpg,.jpeg,.png";
const FROM_CAISSE: DocumentItem[] = ["rights", "letter", "form", "other"];

type Props = { side: Side; requestId: string; shown: RequestDocuments; onSent?: () => void };

/** What is added, where to drop it, and how far each file has gone. */
export function AddDocuments({ side, requestId, shown, onSent }: Props) {
  const { t } = useTranslation("documents");
  const code = useCode();
  const missing = shown.checklist.find((line) => !line.given)?.item;
  const items = side === "agent" ? FROM_CAISSE : documentItemValues;
  const [chosen, setChosen] = useState<DocumentItem | null>(null);
  // What was chosen stays for another try after a refusal; once sent, the next thing missing comes up.
  const { sendings, send, dismiss } = useSendings(side, requestId, () => {
    setChosen(null);
    onSent?.();
  });
  const item = chosen ?? (side === "agent" ? "rights" : (missing ?? "other"));
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const left = shown.limits.files_left;
  const size = sizeOf(shown.limits.file_bytes);
  const take = (files: FileList | null) => {
    if (files?.length) void send(item, [...files]);
  };
  if (!shown.add) return <p className={classes.quiet}>{t("add.closed")}</p>;
  return (
    <div className={classes.add}>
      {left === 0 ? (
        <p className={classes.quiet}>{t("add.full")}</p>
      ) : (
        <>
          <NativeSelect
            label={t("add.item")}
            value={item}
            data={items.map((one) => ({ value: one, label: code("document_item", one) }))}
            onChange={(event) => setChosen(event.currentTarget.value as DocumentItem)}
          />
          <div
            className={classes.drop}
            data-over={over || undefined}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={(event) => {
              event.preventDefault();
              setOver(false);
              take(event.dataTransfer.files);
            }}
          >
            <p className={classes.dropText}>
              <span>{t("add.drop")}</span> {t("add.or")}
            </p>
            <input
              ref={input}
              type="file"
              accept={ACCEPTED}
              multiple
              hidden
              onChange={(event) => {
                take(event.currentTarget.files);
                event.currentTarget.value = "";
              }}
            />
            <Button
              variant="default"
              leftSection={<IconUpload size={20} aria-hidden />}
              onClick={() => input.current?.click()}
            >
              {t("add.choose")}
            </Button>
          </div>
          <p className={classes.quiet}>
            {t("add.help", { size: t(`size.${size.unit}`, { n: size.n }), count: left })}
            {side === "agent" && ` ${t("add.to_partner")}`}
          </p>
        </>
      )}
      {sendings.length > 0 && (
        <ul className={classes.list}>
          {sendings.map((sending) => (
            <li key={sending.id} className={classes.sending}>
              <OneSending sending={sending} onDismiss={() => dismiss(sending.id)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function OneSending({ sending, onDismiss }: { sending: Sending; onDismiss: () => void }) {
  const { t } = useTranslation("documents");
  const { name, gone, problem } = sending;
  if (problem) {
    return (
      <div className={classes.refused} role="alert">
        <IconAlertTriangle size={22} aria-hidden className={classes.icon} />
        <div>
          <strong className={classes.name}>{t("sending.refused", { name })}</strong>
          <p>{problem.detail ?? problem.title}</p>
        </div>
        <CloseButton aria-label={t("sending.dismiss", { name })} onClick={onDismiss} />
      </div>
    );
  }
  const percent = Math.round(gone * 100);
  return (
    <>
      <span className={classes.name}>{name}</span>
      <Progress.Root size="lg">
        <Progress.Section value={percent} aria-label={t("sending.label", { name })} />
      </Progress.Root>
      <span className={classes.quiet} role="status">
        {gone < 1 ? t("sending.going", { percent }) : t("sending.checking")}
      </span>
    </>
  );
}
