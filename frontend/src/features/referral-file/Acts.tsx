import { Button, Group } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  IconAlarm,
  IconArrowBackUp,
  IconArrowsSplit2,
  IconCircleCheck,
  IconCircleX,
  IconEraser,
  IconFlagCheck,
  IconHandGrab,
  IconHourglassLow,
  IconMailForward,
  IconPaperclip,
  IconUserShare,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { AcceptDialog } from "./AcceptDialog";
import { AnswerDialog } from "./AnswerDialog";
import { type AgentRequest, refreshPerson, refreshRequests, take } from "./api";
import { AskDialog } from "./AskDialog";
import { AssignDialog } from "./AssignDialog";
import { SaidDialog, SilentDialog } from "./PlainDialogs";
import { RedirectDialog } from "./RedirectDialog";
import classes from "./ReferralFile.module.css";
import { RefuseDialog } from "./RefuseDialog";
import { RejectDialog } from "./RejectDialog";

type Abilities = AgentRequest["abilities"];
type Asked = Exclude<keyof Abilities, "take" | "write" | "transfer">;

/** In the order of the buttons: what goes forward first, what undoes last. */
const acts: readonly { name: Asked; icon: typeof IconAlarm; look?: "filled" | "subtle" }[] = [
  { name: "accept", icon: IconCircleCheck, look: "filled" },
  { name: "qualify", icon: IconAlarm, look: "filled" },
  { name: "take_on", icon: IconCircleCheck, look: "filled" },
  { name: "answer", icon: IconMailForward, look: "filled" },
  { name: "ask", icon: IconPaperclip },
  { name: "make_ordinary", icon: IconHourglassLow },
  { name: "end", icon: IconFlagCheck },
  { name: "refuse", icon: IconCircleX },
  { name: "reject", icon: IconCircleX },
  { name: "redirect", icon: IconArrowsSplit2 },
  { name: "assign", icon: IconUserShare },
  { name: "reopen", icon: IconArrowBackUp },
  { name: "void", icon: IconEraser, look: "subtle" },
];

/** One dialog hands over, whether inside the caisse or to another one. */
const may = (abilities: Abilities, name: Asked) => abilities[name] || (name === "redirect" && abilities.transfer);

/** What this agent may do now, as the service says; each act tells before what will happen and to whom. */
export function Acts({ shown }: { shown: AgentRequest }) {
  const { t } = useTranslation("referral-file");
  const queryClient = useQueryClient();
  const [asked, setAsked] = useState<Asked | null>(null);
  const { abilities } = shown;
  const taking = useMutation({
    mutationFn: () => take(shown),
    onSuccess: async () => {
      announce(t(shown.kind === "misas_referral" ? "take.done" : "take.done_plain"));
      await Promise.all([refreshRequests(queryClient), refreshPerson(queryClient)]);
    },
    onError: () => refreshRequests(queryClient),
  });
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
        {acts
          .filter(({ name }) => may(abilities, name))
          .map(({ name, icon: Icon, look = "default" }) => (
            <Button
              key={name}
              variant={look}
              leftSection={<Icon size={20} aria-hidden />}
              onClick={() => setAsked(name)}
            >
              {t(`${name}.act`)}
            </Button>
          ))}
      </Group>
      {asked && <Dialog name={asked} shown={shown} onClose={() => setAsked(null)} />}
    </div>
  );
}

function Dialog({ name, ...props }: { name: Asked; shown: AgentRequest; onClose: () => void }) {
  switch (name) {
    case "assign":
      return <AssignDialog {...props} />;
    case "accept":
      return <AcceptDialog {...props} />;
    case "refuse":
      return <RefuseDialog {...props} />;
    case "redirect":
      return <RedirectDialog {...props} />;
    case "ask":
      return <AskDialog {...props} />;
    case "answer":
      return <AnswerDialog {...props} />;
    case "reject":
      return <RejectDialog {...props} />;
    case "qualify":
    case "take_on":
    case "end":
      return <SilentDialog name={name} {...props} />;
    default:
      return <SaidDialog name={name} {...props} />;
  }
}
