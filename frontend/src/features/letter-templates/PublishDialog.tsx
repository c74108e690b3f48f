import { TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { todayIso } from "../../lib/dates";
import { asProblem, fieldErrors } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { Confirm } from "../../ui/Confirm";
import { DateField } from "../../ui/DateField";
import { type History, publish, refreshTemplates, type Version } from "./api";

type Props = { shown: History; draft: Version; onClose: () => void };

export function PublishDialog({ shown, draft, onClose }: Props) {
  const { t } = useTranslation("letter-templates");
  const queryClient = useQueryClient();
  const [note, setNote] = useState("");
  const [day, setDay] = useState<string | null>(todayIso());
  const act = useMutation({
    mutationFn: () => publish(shown.kind, shown.language, draft.version, { note: note.trim(), valid_from: day ?? "" }),
    onSuccess: async () => {
      onClose();
      await refreshTemplates(queryClient);
      announce(t("publish.done"));
    },
  });
  const problem = act.error && asProblem(act.error);
  const errors = fieldErrors(problem);
  return (
    <Confirm
      opened
      title={t("publish.title", { number: draft.number })}
      confirm={t("publish.confirm")}
      disabled={note.trim().length < 5 || day === null}
      pending={act.isPending}
      problem={problem}
      fields={{ note: t("publish.note"), valid_from: t("publish.valid_from") }}
      onConfirm={() => act.mutate()}
      onClose={onClose}
    >
      <p>{t("publish.detail")}</p>
      <TextInput
        id="note"
        label={t("publish.note")}
        description={t("publish.note_help")}
        value={note}
        maxLength={300}
        error={errors.note}
        required
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <DateField id="valid_from" label={t("publish.valid_from")} value={day} error={errors.valid_from} required onChange={setDay} />
    </Confirm>
  );
}
