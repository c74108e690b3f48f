import { Textarea } from "@mantine/core";

import { FreeTextNotices } from "../../ui/free-text/FreeTextNotices";
import { useDraft } from "./draft-context";

type Props = {
  id: string;
  label: string;
  help: string;
  value: string | null;
  error?: string;
  onChange: (value: string | null) => void;
};

/** Free text that warns, once one stops typing, about what has no place in it. */
export function NoteField({ id, label, help, value, error, onChange }: Props) {
  const { request } = useDraft();
  const text = value ?? "";
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
      <FreeTextNotices text={text} personId={request.person?.id} onChange={(changed) => onChange(changed || null)} />
    </div>
  );
}
