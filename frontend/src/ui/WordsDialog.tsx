import { Stack, Textarea } from "@mantine/core";
import { type ReactNode, useState } from "react";

import { fieldErrors, type Problem } from "../lib/problem";
import { Confirm } from "./Confirm";
import { FreeTextNotices } from "./free-text/FreeTextNotices";

type Props = {
  title: string;
  confirm: string;
  label: string;
  help?: string;
  /** Without a word the act cannot be done. */
  required?: boolean;
  danger?: boolean;
  /** Whom the words are about, where the writer may complete her record. */
  personId?: string;
  pending: boolean;
  problem: Problem | null;
  children: ReactNode;
  onConfirm: (message: string | null) => void;
  onClose: () => void;
};

/** An act that says a word to the other side: what will happen, the word, then the choice. */
export function WordsDialog({ label, help, required = false, personId, problem, children, onConfirm, ...dialog }: Props) {
  const [message, setMessage] = useState("");
  const said = message.trim() || null;
  return (
    <Confirm
      opened
      {...dialog}
      disabled={required && said === null}
      problem={problem}
      fields={{ message: label }}
      onConfirm={() => onConfirm(said)}
    >
      <Stack gap="md">
        {children}
        <div>
          <Textarea
            id="message"
            label={label}
            description={help}
            autosize
            minRows={2}
            maxLength={2000}
            value={message}
            error={fieldErrors(problem).message}
            onChange={(event) => setMessage(event.currentTarget.value)}
          />
          <FreeTextNotices text={message} personId={personId} onChange={setMessage} />
        </div>
      </Stack>
    </Confirm>
  );
}
