import { useTranslation } from "react-i18next";

import { Confirm } from "../../ui/Confirm";
import { WordsDialog } from "../../ui/WordsDialog";
import { type AgentRequest, end, makeOrdinary, qualify, reopen, takeOn, voidRequest } from "./api";
import { useAct } from "./use-act";

type Props = { shown: AgentRequest; onClose: () => void };

const silent = { qualify, take_on: takeOn, end } as const;

/** Acts without a word: confirming an urgency, taking a reported person on, ending. */
export function SilentDialog({ name, shown, onClose }: Props & { name: keyof typeof silent }) {
  const { t } = useTranslation("referral-file");
  const act = useAct(() => silent[name](shown), t(`${name}.done`), onClose);
  return (
    <Confirm
      opened
      title={t(`${name}.title`)}
      confirm={t(`${name}.act`)}
      pending={act.isPending}
      problem={act.problem}
      onConfirm={() => act.mutate(undefined)}
      onClose={onClose}
    >
      <p>{t(`${name}.detail`)}</p>
    </Confirm>
  );
}

const said = {
  make_ordinary: { act: makeOrdinary, required: false, danger: false },
  reopen: { act: reopen, required: true, danger: false },
  void: { act: voidRequest, required: true, danger: true },
} as const;

/** Acts with a word: what the structure reads, or why it was done. */
export function SaidDialog({ name, shown, onClose }: Props & { name: keyof typeof said }) {
  const { t } = useTranslation("referral-file");
  const { act: perform, required, danger } = said[name];
  const act = useAct((message: string | null) => perform(shown, message ?? ""), t(`${name}.done`), onClose);
  return (
    <WordsDialog
      required={required}
      danger={danger}
      title={t(`${name}.title`)}
      confirm={t(`${name}.act`)}
      label={t(`${name}.message`)}
      help={t("message.help")}
      pending={act.isPending}
      problem={act.problem}
      onConfirm={(message) => act.mutate(message)}
      onClose={onClose}
    >
      <p>{t(`${name}.detail`)}</p>
    </WordsDialog>
  );
}
