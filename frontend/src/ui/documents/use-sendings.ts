import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { type DocumentItem, documents, sendDocument, type Side } from "../../api/documents";
import { asProblem, type Problem } from "../../lib/problem";
import { announce } from "../Announcer";

export type Sending = { id: string; name: string; gone: number; problem: Problem | null };

/** Files on their way, one after the other, and those that were refused until they are dismissed. */
export function useSendings(side: Side, requestId: string, onSent?: () => void) {
  const { t } = useTranslation("documents");
  const queryClient = useQueryClient();
  const [sendings, setSendings] = useState<Sending[]>([]);
  const change = (id: string, patch: Partial<Sending>) =>
    setSendings((all) => all.map((one) => (one.id === id ? { ...one, ...patch } : one)));
  const dismiss = (id: string) => setSendings((all) => all.filter((one) => one.id !== id));

  async function send(item: DocumentItem, files: File[]) {
    const coming = files.map((file) => ({ file, id: crypto.randomUUID() }));
    setSendings((all) => [...all, ...coming.map(({ file, id }) => ({ id, name: file.name, gone: 0, problem: null }))]);
    for (const { file, id } of coming) {
      try {
        await sendDocument(side, requestId, item, file, (gone) => change(id, { gone }));
        dismiss(id);
        announce(t("sending.done", { name: file.name }));
        onSent?.();
      } catch (error) {
        change(id, { problem: asProblem(error) });
      }
      await queryClient.invalidateQueries({ queryKey: documents(side, requestId).queryKey });
    }
  }

  return { sendings, send, dismiss };
}
