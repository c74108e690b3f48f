import { Button, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useNavigate, useParams } from "react-router";

import { kindOfSlug, type RequestKind } from "../../api/forms";
import { asProblem } from "../../lib/problem";
import { Notice } from "../../ui/Notice";
import { PageTitle } from "../../ui/PageTitle";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { Rich } from "../../ui/Rich";
import { type PersonSearch, startDraft } from "./api";
import { FormSteps } from "./FormSteps";
import classes from "./RequestForm.module.css";
import { NewPerson } from "./NewPerson";
import { PersonResults } from "./PersonResults";
import { PersonSearchForm } from "./PersonSearchForm";
import { pathOf } from "./steps";

export default function PersonPage() {
  const { slug } = useParams();
  const kind = kindOfSlug(slug);
  return kind ? <Start key={kind} kind={kind} /> : <Navigate to="/accueil" replace />;
}

/** First step: find the person in the structure's own register, or register them. */
function Start({ kind }: { kind: RequestKind }) {
  const { t } = useTranslation("request-form");
  const navigate = useNavigate();
  const [criteria, setCriteria] = useState<PersonSearch | null>(null);
  const [creating, setCreating] = useState(false);
  const start = useMutation({
    mutationFn: (personId: string) => startDraft(kind, personId),
    onSuccess: (receipt) => navigate(pathOf(receipt.id, "situation")),
  });
  const chosen = (personId: string) => start.mutate(personId);
  return (
    <div className={classes.column}>
      <FormSteps kind={kind} current="person" />
      <PageTitle below={!creating && <Rich text={t(kind === "misas_referral" ? "person.intro_misas" : `start.${kind}`)} />}>
        {t(creating ? "person.new_title" : "person.title")}
      </PageTitle>
      <Stack gap="lg">
        <ProblemSummary problem={start.error && asProblem(start.error)} />
        {creating ? (
          <NewPerson known={criteria} starting={start.isPending} onReady={chosen} onBack={() => setCreating(false)} />
        ) : (
          <>
            {(kind === "document" || kind === "appointment") && (
              <Notice title={t("self_service.title")}>
                <p>{t(`self_service.${kind}`)}</p>
              </Notice>
            )}
            <p className={classes.lead}>{t("person.intro")}</p>
            <PersonSearchForm initial={criteria} onSearch={setCriteria} />
            {criteria && <PersonResults criteria={criteria} onChoose={chosen} busy={start.isPending} />}
            {criteria && (
              <Button
                variant="default"
                leftSection={<IconUserPlus size={20} aria-hidden />}
                onClick={() => setCreating(true)}
                className={classes.start}
              >
                {t("person.create")}
              </Button>
            )}
          </>
        )}
      </Stack>
    </div>
  );
}
