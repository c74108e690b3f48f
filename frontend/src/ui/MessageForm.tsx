import { Button, Checkbox, Group, Stack, Textarea } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Problem } from "../lib/problem";
import { FreeTextNotices } from "./free-text/FreeTextNotices";
import { ProblemSummary } from "./ProblemSummary";

type Props = {
  label: string;
  help: string;
  /** When given, the writer says whether an answer is awaited. */
  answerLabel?: string;
  /** Whom the message is about, where the writer may complete her record. */
  personId?: string;
  pending: boolean;
  problem: Problem | null;
  /** Resolves once posted: only then is the text cleared. */
  onPost: (text: string, expectsAnswer: boolean) => Promise<unknown>;
};

export function MessageForm({ label, help, answerLabel, personId, pending, problem, onPost }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [expects, setExpects] = useState(true);
  return (
    <form
      noValidate
      className="no-print"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim())
          void onPost(text.trim(), expects).then(
            () => setText(""),
            () => undefined,
          );
      }}
    >
      <Stack gap="sm">
        <ProblemSummary problem={problem} fields={{ text: label }} />
        <Textarea
          id="text"
          label={label}
          description={help}
          autosize
          minRows={2}
          maxLength={2000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <FreeTextNotices text={text} personId={personId} onChange={setText} />
        <Group justify="space-between">
          {answerLabel && (
            <Checkbox label={answerLabel} checked={expects} onChange={(event) => setExpects(event.currentTarget.checked)} />
          )}
          <Button type="submit" loading={pending} disabled={!text.trim()} leftSection={<IconSend size={20} aria-hidden />}>
            {t("thread.send")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
