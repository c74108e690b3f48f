import { Stack, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { type ExportKind, type Format, refreshWorks, startExport } from "../api/works";
import { asProblem, fieldErrors } from "../lib/problem";
import { announce } from "./Announcer";
import { Confirm } from "./Confirm";
import { DateField } from "./DateField";
import { OneOf } from "./Ticks";

const formats: readonly Format[] = ["xlsx", "csv"];

/** Why a table leaves the house, and as what; a second factor is asked over the page. */
export function ExportDialog({ kind, onClose }: { kind: ExportKind; onClose: () => void }) {
  const { t } = useTranslation("works");
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [reason, setReason] = useState("");
  const [form, setForm] = useState<Format>("xlsx");
  const [since, setSince] = useState<{ day: string | null; unreadable: boolean }>({ day: null, unreadable: false });
  const ask = useMutation({
    mutationFn: () => startExport(kind, { reason: reason.trim(), form, since_on: since.day }),
    onSuccess: async () => {
      announce(t("export.asked"));
      await refreshWorks(queryClient);
      await navigate("/travaux");
    },
  });
  const problem = ask.error ? asProblem(ask.error) : null;
  return (
    <Confirm
      opened
      title={t(`export.title.${kind}` as never)}
      confirm={t("export.confirm")}
      disabled={reason.trim().length < 10 || since.unreadable}
      pending={ask.isPending}
      problem={problem}
      fields={{ reason: t("export.reason"), since_on: t("export.since") }}
      onConfirm={() => ask.mutate()}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>{t(`export.detail.${kind}` as never)}</p>
        <Textarea
          id="reason"
          label={t("export.reason")}
          description={t("export.reason_help")}
          error={fieldErrors(problem).reason}
          autosize
          minRows={2}
          maxLength={500}
          value={reason}
          required
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {kind === "requests.export" && (
          <DateField
            id="since_on"
            label={t("export.since")}
            help={t("export.since_help")}
            value={since.day}
            error={fieldErrors(problem).since_on}
            onChange={(day, unreadable) => setSince({ day, unreadable })}
          />
        )}
        <OneOf
          id="format"
          legend={t("export.form")}
          values={formats}
          labelOf={(one) => t(`export.${one}`)}
          chosen={form}
          onChange={setForm}
        />
      </Stack>
    </Confirm>
  );
}
