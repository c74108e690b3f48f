import { useTranslation } from "react-i18next";

import { Confirm } from "../../ui/Confirm";
import { useAct } from "./use-act";

type Props<Shown> = {
  of: "calendars" | "kinds";
  shown: Shown;
  amend: (shown: Shown) => Promise<unknown>;
  onClose: () => void;
};

/** Takes something out of use, or back into it: says what follows, and why it was refused. */
export function ArchiveDialog<Shown extends { label: string; active: boolean }>({ of, shown, amend, onClose }: Props<Shown>) {
  const { t } = useTranslation("agenda");
  const verb = shown.active ? "archive" : "restore";
  const act = useAct(() => amend(shown), t(`${of}.${verb}d`), onClose);
  return (
    <Confirm
      opened
      title={t(`settings.${verb}_of`, { label: shown.label })}
      confirm={t(`settings.${verb}`)}
      pending={act.isPending}
      problem={act.problem}
      onConfirm={() => act.mutate(undefined)}
      onClose={onClose}
    >
      <p>{t(`${of}.${verb}_detail`)}</p>
    </Confirm>
  );
}
