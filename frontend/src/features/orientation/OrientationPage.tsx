import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";

import { useActive } from "../../api/active";
import { PageTitle } from "../../ui/PageTitle";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { Waiting } from "../../ui/Waiting";
import { type Answer, type Answers, type Kept, orientation, sideOf } from "./api";
import classes from "./Orientation.module.css";
import { OutcomeView } from "./OutcomeView";
import { PathRecap } from "./PathRecap";
import { QuestionForm } from "./QuestionForm";

const codesOf = (path: Answer["path"]): Answers => Object.fromEntries(path.map((one) => [one.question, one.answer]));

/** "Je ne sais pas : m'orienter": one question a page, each step an entry of the browser's history. */
export default function OrientationPage() {
  const { t } = useTranslation("orientation");
  const navigate = useNavigate();
  const side = sideOf(useActive().audience);
  const answers = (useLocation().state as Kept | null)?.answers ?? {};
  const found = useQuery(orientation(side, answers));
  const go = (to: Answers) => void navigate("/orientation", { state: { answers: to } satisfies Kept });
  const { path = [], question, outcome } = found.data ?? {};
  const goBackTo = (position: number) => go(codesOf(path.slice(0, position)));
  return (
    <div className={classes.column}>
      {found.isPending && <Waiting rows={6} />}
      {found.isError && (
        <>
          <PageTitle>{t("title")}</PageTitle>
          <ProblemScreen error={found.error} retry={() => (Object.keys(answers).length > 0 ? go({}) : void found.refetch())} />
        </>
      )}
      {question && (
        <QuestionForm
          key={question.code}
          question={question}
          position={path.length + 1}
          mostLeft={found.data?.most_left ?? 1}
          before={answers[question.code]}
          onAnswer={(answer) => go({ ...codesOf(path), [question.code]: answer })}
          onBack={path.length > 0 ? () => goBackTo(path.length - 1) : undefined}
        />
      )}
      {outcome && <OutcomeView side={side} outcome={outcome} onRestart={() => go({})} />}
      {path.length > 0 && <PathRecap path={path} onChange={goBackTo} />}
    </div>
  );
}
