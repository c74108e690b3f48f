import { Button, Group } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconArrowsSplit2, IconCircleCheck, IconCircleX, IconHandGrab, IconUserShare } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { AcceptDialog } from "./AcceptDialog";
import { type AgentRequest, refreshPerson, refreshRequests, take } from "./api";
import { AssignDialog } from "./AssignDialog";
import { RedirectDialog } from "./RedirectDialog";
import { RefuseDialog } from "./RefuseDialog";
import classes from "./ReferralFile.module.css";

type Asked = "assign" | "accept" | "refuse" | "redirect" | null;

/** What this agent may do now, as the service says; each act tells before what will happen and to whom. */
export function Acts({ shown }: { shown: AgentRequest }) {
  const { t } = useTranslation("referral-file");
  const queryClient = useQueryClient();
  const [asked, setAsked] = useState<Asked>(null);
  const { abilities } = shown;
  const taking = useMutation({
    mutationFn: () => take(shown),
    onSuccess: async () => {
      announce(t("take.done"));
      await Promise.all([refreshRequests(queryClient), refreshPerson(queryClient)]);
    },
    onError: () => refreshRequests(queryClient),
  });
  const close = () => setAsked(null);
  if (!Object.values(abilities).some(Boolean)) return null;
  return (
    <div className={`${classes.gap} no-print`}>
      <ProblemSummary problem={taking.error && asProblem(taking.error)} />
      <Group gap="xs">
        {abilities.take && (
          <Button
            leftSection={<IconHandGrab size={20} aria-hidden />}
            loading={taking.isPending}
            onClick={() => taking.mutate()}
          >
            {t("take.act")}
          </Button>
        )}
        {abilities.accept && (
          <Button leftSection={<IconCircleCheck size={20} aria-hidden />} onClick={() => setAsked("accept")}>
            {t("accept.act")}
          </Button>
        )}
        {abilities.refuse && (
          <Button
            variant="default"
            leftSection={<IconCircleX size={20} aria-hidden />}
            onClick={() => setAsked("refuse")}
          >
            {t("refuse.act")}
          </Button>
        )}
        {abilities.redirect && (
          <Button
            variant="default"
            leftSection={<IconArrowsSplit2 size={20} aria-hidden />}
            onClick={() => setAsked("redirect")}
          >
            {t("redirect.act")}
          </Button>
        )}
        {abilities.assign && (
          <Button
            variant="default"
            leftSection={<IconUserShare size={20} aria-hidden />}
            onClick={() => setAsked("assign")}
          >
            {t("assign.act")}
          </Button>
        )}
      </Group>
      {asked === "assign" && <AssignDialog shown={shown} onClose={close} />}
      {asked === "accept" && <AcceptDialog shown={shown} onClose={close} />}
      {asked === "refuse" && <RefuseDialog shown={shown} onClose={close} />}
      {asked === "redirect" && <RedirectDialog shown={shown} onClose={close} />}
    </div>
  );
}
