import { Button, FileInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconDownload, IconFileSpreadsheet } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { type Format, type ImportKind, template, upload } from "../../api/works";
import { asProblem } from "../../lib/problem";
import { saveFile } from "../../lib/save-file";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { OneOf } from "../../ui/Ticks";
import classes from "./Works.module.css";

type Props = { kind: ImportKind; modes: readonly string[]; onSent: (id: string) => void };

/** Which file, and what to make of it; nothing is changed yet. */
export function FileStep({ kind, modes, onSent }: Props) {
  const { t } = useTranslation("works");
  const [file, setFile] = useState<File | null>(null);
  const [mode, setMode] = useState(modes[0] ?? "");
  const send = useMutation({
    mutationFn: (given: File) => upload(kind, given, mode),
    onSuccess: (receipt) => onSent(receipt.id),
  });
  const model = useMutation({
    mutationFn: (form: Format) => template(kind, form).then((content) => saveFile(content as Blob, t("file.template", { form }))),
  });
  const problem = send.error ? asProblem(send.error) : null;
  const missing = Array.isArray(problem?.columns) ? problem.columns.join(", ") : null;
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (file) send.mutate(file);
      }}
    >
      <ProblemSummary problem={problem} />
      {missing && <p>{t("missing", { columns: missing })}</p>}
      <p>{t(`import_intro.${kind}` as never)}</p>
      <div className={classes.acts}>
        {(["xlsx", "csv"] as const).map((form) => (
          <Button
            key={form}
            variant="default"
            leftSection={<IconDownload size={18} aria-hidden />}
            onClick={() => model.mutate(form)}
          >
            {t(`template.${form}`)}
          </Button>
        ))}
      </div>
      <FileInput
        id="fichier"
        label={t("choose")}
        description={t("choose_help")}
        placeholder={t("no_file")}
        accept=".csv,.xlsx,text/csv"
        leftSection={<IconFileSpreadsheet size={20} aria-hidden />}
        value={file}
        onChange={setFile}
      />
      {modes.length > 1 && (
        <OneOf
          id="mode"
          legend={t("mode")}
          values={modes}
          labelOf={(one) => t(`modes.${one}` as never)}
          chosen={mode}
          onChange={setMode}
        />
      )}
      <div>
        <Button type="submit" disabled={!file} loading={send.isPending}>
          {t("check")}
        </Button>
      </div>
    </form>
  );
}
