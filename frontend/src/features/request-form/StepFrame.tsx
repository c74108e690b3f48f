import { Button, Group, Stack } from "@mantine/core";
import { IconArrowLeft, IconArrowRight } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { asProblem, type Problem } from "../../lib/problem";
import { PageTitle } from "../../ui/PageTitle";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { FormSteps } from "./FormSteps";
import classes from "./RequestForm.module.css";
import { SavedNote } from "./SavedNote";
import { missingOn, pathOf, type StepName } from "./steps";
import { useDraft } from "./draft-context";

type Props = {
  step: "situation" | "agreement";
  title: string;
  back: string;
  next: Exclude<StepName, "person">;
  fields: Record<string, string>;
  children: (errors: Record<string, string>) => ReactNode;
};

/** A step of the form: title, where one stands, errors, fields, buttons. */
export function StepFrame({ step, title, back, next, fields, children }: Props) {
  const { t } = useTranslation("request-form");
  const { t: common } = useTranslation();
  const navigate = useNavigate();
  const { form, errors, problem, request, saver } = useDraft();
  const [missing, setMissing] = useState<Problem | null>(null);

  async function goOn() {
    const absent = missingOn(step, form, (what) => t(`missing.${what}`));
    if (absent.length > 0) {
      setMissing({ type: "/problems/missing", title: t("missing.title"), status: 422, errors: absent });
      return;
    }
    try {
      await saver.flush();
      void navigate(pathOf(request.id, next));
    } catch (error) {
      setMissing(asProblem(error));
    }
  }

  // What is still missing is looked at again at each change, once it has been asked for.
  const stillMissing = missing?.type === "/problems/missing" ? missingOn(step, form, (what) => t(`missing.${what}`)) : [];
  const beside = { ...errors, ...Object.fromEntries(stillMissing.map((one) => [one.field, one.message])) };
  return (
    <div className={classes.column}>
      <FormSteps kind={form.kind} current={step} />
      <PageTitle below={request.person && t("about", { name: request.person.display_name })}>{title}</PageTitle>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void goOn();
        }}
      >
        <Stack gap={32}>
          <ProblemSummary problem={missing ?? problem} fields={fields} />
          {children(beside)}
          <div className={classes.bottom}>
            <Group gap="xs">
              <Button type="submit" rightSection={<IconArrowRight size={20} aria-hidden />}>
                {common("act.continue")}
              </Button>
              <Button
                variant="default"
                leftSection={<IconArrowLeft size={20} aria-hidden />}
                onClick={() => void navigate(back)}
              >
                {common("act.previous")}
              </Button>
            </Group>
            <SavedNote />
          </div>
        </Stack>
      </form>
    </div>
  );
}
