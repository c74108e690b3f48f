import { Textarea } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { medicalWords } from "../../lib/medical-words";
import { containsNir } from "../../lib/nir";
import classes from "./MisasForm.module.css";

type Props = {
  id: string;
  label: string;
  help: string;
  value: string | null;
  error?: string;
  onChange: (value: string | null) => void;
};

/** Free text that warns, as one types, about what has no place in it. */
export function NoteField({ id, label, help, value, error, onChange }: Props) {
  const { t } = useTranslation("misas-form");
  const text = value ?? "";
  const medical = medicalWords(text);
  return (
    <div>
      <Textarea
        id={id}
        label={label}
        description={help}
        value={text}
        error={error}
        autosize
        minRows={3}
        maxLength={2000}
        onChange={(event) => onChange(event.currentTarget.value || null)}
      />
      <div aria-live="polite">
        {medical.length > 0 && <Warning text={t("note.medical", { words: medical.join(", ") })} />}
        {containsNir(text) && <Warning text={t("note.nir")} />}
      </div>
    </div>
  );
}

function Warning({ text }: { text: string }) {
  return (
    <p className={classes.warning}>
      <IconAlertTriangle size={20} aria-hidden />
      {text}
    </p>
  );
}
