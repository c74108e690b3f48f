import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../../api/client";
import { asProblem, fieldErrors } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { Panel } from "../../ui/Panel";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { Waiting } from "../../ui/Waiting";
import { letterhead, refreshTemplates, writeLetterhead } from "./api";

const linesOf = (text: string) => text.split("\n").map((line) => line.trim()).filter(Boolean);

/** Who writes: the name, address and signature that every letter of the caisse carries. */
export function LetterheadPanel() {
  const { t } = useTranslation("letter-templates");
  const query = useQuery(letterhead());
  return (
    <Panel title={t("head.title")}>
      {query.isPending && <Waiting rows={3} />}
      {query.isError && <ProblemScreen error={query.error} retry={() => void query.refetch()} />}
      {query.data && <Form key={query.data.version} head={query.data} />}
    </Panel>
  );
}

function Form({ head }: { head: Schemas["LetterheadOut"] }) {
  const { t } = useTranslation("letter-templates");
  const queryClient = useQueryClient();
  const [typed, setTyped] = useState({
    name: head.name,
    lines: head.lines.join("\n"),
    place: head.place,
    signature: head.signature.join("\n"),
  });
  const save = useMutation({
    mutationFn: () =>
      writeLetterhead(head.version, {
        name: typed.name.trim(),
        lines: linesOf(typed.lines),
        place: typed.place.trim(),
        signature: linesOf(typed.signature),
      }),
    onSuccess: () => {
      announce(t("head.saved"));
      return refreshTemplates(queryClient);
    },
  });
  const problem = save.error && asProblem(save.error);
  const errors = fieldErrors(problem);
  const set = (name: keyof typeof typed) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setTyped((before) => ({ ...before, [name]: value }));
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="md" maw="38rem">
        <ProblemSummary
          problem={problem}
          fields={{ name: t("head.name"), lines: t("head.lines"), place: t("head.place"), signature: t("head.signature") }}
        />
        <TextInput id="name" label={t("head.name")} value={typed.name} error={errors.name} required onChange={set("name")} />
        <Textarea
          id="lines"
          label={t("head.lines")}
          description={t("head.lines_help")}
          value={typed.lines}
          error={errors.lines}
          rows={4}
          onChange={set("lines")}
        />
        <TextInput
          id="place"
          label={t("head.place")}
          description={t("head.place_help")}
          value={typed.place}
          error={errors.place}
          onChange={set("place")}
        />
        <Textarea
          id="signature"
          label={t("head.signature")}
          description={t("head.signature_help")}
          value={typed.signature}
          error={errors.signature}
          rows={2}
          onChange={set("signature")}
        />
        <Group>
          <Button type="submit" variant="default" loading={save.isPending}>
            {t("head.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
