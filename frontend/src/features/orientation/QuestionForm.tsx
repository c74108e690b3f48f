import { Button, Group, Radio, Stack } from "@mantine/core";
import { IconArrowLeft, IconArrowRight } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { Choice } from "../../ui/Choice";
import { PageTitle } from "../../ui/PageTitle";
import type { Question } from "./api";
import classes from "./Orientation.module.css";

type Props = {
  question: Question;
  position: number;
  mostLeft: number;
  before: string | undefined;
  onAnswer: (answer: string) => void;
  onBack: (() => void) | undefined;
};

/** One question: its answers in sight, or a list to pick from when they are the hundred departments. */
export function QuestionForm({ question, position, mostLeft, before, onAnswer, onBack }: Props) {
  const { t } = useTranslation("orientation");
  const { t: common } = useTranslation();
  const [answer, setAnswer] = useState(before);
  const [missing, setMissing] = useState(false);
  const choose = (code: string | undefined) => {
    setAnswer(code);
    setMissing(false);
  };
  return (
    <>
      <p className={classes.position}>
        {t("position", { count: position })}
        {mostLeft > 1 && ` · ${t("most_left", { count: mostLeft - 1 })}`}
      </p>
      <PageTitle below={question.help}>{question.text}</PageTitle>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (answer) onAnswer(answer);
          else setMissing(true);
        }}
      >
        <Stack gap={24}>
          {missing && (
            <p role="alert" className={classes.missing}>
              {t("missing")}
            </p>
          )}
          {question.departments ? (
            <Choice
              id={question.code}
              label={t("department")}
              none={t("choose")}
              value={answer}
              values={question.choices.map((one) => one.code)}
              labelOf={(code) => question.choices.find((one) => one.code === code)?.label ?? code}
              onChange={choose}
            />
          ) : (
            <Answers question={question} answer={answer} onChange={choose} />
          )}
          <Group gap="xs">
            <Button type="submit" rightSection={<IconArrowRight size={20} aria-hidden />}>
              {common("act.continue")}
            </Button>
            {onBack ? (
              <Button variant="default" leftSection={<IconArrowLeft size={20} aria-hidden />} onClick={onBack}>
                {t("previous")}
              </Button>
            ) : (
              <Button variant="default" component={Link} to="/" leftSection={<IconArrowLeft size={20} aria-hidden />}>
                {common("act.back")}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </>
  );
}

type AnswersProps = { question: Question; answer: string | undefined; onChange: (code: string) => void };

function Answers({ question, answer, onChange }: AnswersProps) {
  const name = useId();
  return (
    <fieldset className={classes.answers} role="radiogroup">
      <legend className={classes.spoken}>{question.text}</legend>
      {question.choices.map((one) => (
        <Radio
          key={one.code}
          name={name}
          className={classes.answer}
          label={one.label}
          description={one.help}
          checked={answer === one.code}
          onChange={() => onChange(one.code)}
        />
      ))}
    </fieldset>
  );
}
