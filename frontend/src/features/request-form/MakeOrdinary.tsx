import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { Notice } from "../../ui/Notice";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { makeOrdinary, sayUrgent } from "./api";
import { useDraft } from "./draft-context";
import { pathOf } from "./steps";

/**
 * An urgent draft goes on as an ordinary request, with all that was typed (LUP-02). Where the caisse has ended its
 * line (`isEnded`), it says itself that it is urgent (LUP-07).
 */
export function MakeOrdinary({ isEnded = false }: { isEnded?: boolean }) {
  const { t } = useTranslation("request-form");
  const navigate = useNavigate();
  const { request, saver, again } = useDraft();
  const act = useMutation({
    mutationFn: async () => {
      await saver.flush();
      const ordinary = await makeOrdinary(request.id, saver.snapshot().version);
      if (isEnded) await sayUrgent(request.id, ordinary.version);
      await again();
    },
    onSuccess: () => {
      announce(t("ordinary.done"));
      void navigate(pathOf(request.id, "situation"));
    },
  });
  return (
    <Notice
      title={t("ordinary.title")}
      aside={
        <Button variant="default" loading={act.isPending} onClick={() => act.mutate()}>
          {t("ordinary.act")}
        </Button>
      }
    >
      <p>{[t("ordinary.detail"), isEnded && t("ordinary.urgent")].filter(Boolean).join(" ")}</p>
      <ProblemSummary problem={act.error && asProblem(act.error)} />
    </Notice>
  );
}
