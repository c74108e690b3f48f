import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconPlus } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { Confirm } from "../../ui/Confirm";
import { Panel } from "../../ui/Panel";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { discard, type History, refreshTemplates, saveDraft, type Text } from "./api";
import { Preview } from "./Preview";
import { PublishDialog } from "./PublishDialog";
import classes from "./Templates.module.css";
import { Versions } from "./Versions";

const nothing: Text = { subject: "", body: "" };

export function Editor({ shown }: { shown: History }) {
  const { t } = useTranslation("letter-templates");
  const queryClient = useQueryClient();
  const area = useRef<HTMLTextAreaElement>(null);
  const draft = shown.versions.find((one) => one.state === "draft");
  const current = shown.versions.find((one) => one.number === shown.in_force);
  const saved = draft ?? current ?? nothing;
  const [text, setText] = useState<Text>({ subject: saved.subject, body: saved.body });
  const [dialog, setDialog] = useState<"publish" | "discard" | null>(null);
  const changed = text.subject !== saved.subject || text.body !== saved.body;
  const { kind, language } = shown;

  const save = useMutation({
    mutationFn: () => saveDraft(kind, language, draft?.version ?? 0, text),
    onSuccess: async () => {
      await refreshTemplates(queryClient);
      announce(t("saved"));
    },
  });
  const drop = useMutation({
    mutationFn: () => discard(kind, language, draft?.version ?? 0),
    onSuccess: async () => {
      setDialog(null);
      const back = current ?? nothing;
      setText({ subject: back.subject, body: back.body });
      await refreshTemplates(queryClient);
      announce(t("discarded"));
    },
  });

  function insert(code: string) {
    const place = area.current;
    const from = place?.selectionStart ?? text.body.length;
    const to = place?.selectionEnd ?? from;
    setText({ ...text, body: `${text.body.slice(0, from)}{{${code}}}${text.body.slice(to)}` });
    place?.focus();
  }

  return (
    <div className={classes.columns}>
      <div className={classes.stack}>
        <Panel title={draft ? t("editor.draft") : t("editor.title")}>
          <Stack gap="md">
            <ProblemSummary problem={save.error && asProblem(save.error)} />
            <TextInput
              label={t("editor.subject")}
              value={text.subject}
              lang={language}
              maxLength={200}
              onChange={(event) => setText({ ...text, subject: event.currentTarget.value })}
            />
            <Textarea
              ref={area}
              label={t("editor.body")}
              description={t("editor.body_help")}
              className={classes.body}
              value={text.body}
              lang={language}
              maxLength={12000}
              rows={20}
              onChange={(event) => setText({ ...text, body: event.currentTarget.value })}
            />
            <div>
              <p id="letter-fields">{t("editor.fields")}</p>
              <ul className={classes.fields} aria-labelledby="letter-fields">
                {shown.fields.map((field) => (
                  <li key={field.code}>
                    <Button
                      variant="default"
                      leftSection={<IconPlus size={16} aria-hidden />}
                      onClick={() => insert(field.code)}
                    >
                      {field.label}
                    </Button>
                  </li>
                ))}
              </ul>
            </div>
            <Group gap="sm">
              <Button disabled={!changed} variant={changed ? "filled" : "default"} loading={save.isPending} onClick={() => save.mutate()}>
                {t("editor.save")}
              </Button>
              <Button
                variant={changed ? "default" : "filled"}
                disabled={!draft || changed}
                onClick={() => setDialog("publish")}
              >
                {t("editor.publish")}
              </Button>
              {draft && (
                <Button variant="subtle" onClick={() => setDialog("discard")}>
                  {t("editor.discard")}
                </Button>
              )}
            </Group>
          </Stack>
        </Panel>
        <Versions shown={shown} onReuse={(version) => setText({ subject: version.subject, body: version.body })} />
      </div>
      <Preview kind={kind} language={language} text={text} />
      {dialog === "publish" && draft && <PublishDialog shown={shown} draft={draft} onClose={() => setDialog(null)} />}
      <Confirm
        opened={dialog === "discard"}
        title={t("discard.title")}
        confirm={t("discard.confirm")}
        danger
        pending={drop.isPending}
        problem={drop.error && asProblem(drop.error)}
        onConfirm={() => drop.mutate()}
        onClose={() => setDialog(null)}
      >
        <p>{t("discard.detail")}</p>
      </Confirm>
    </div>
  );
}
