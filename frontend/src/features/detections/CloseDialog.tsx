import { useTranslation } from "react-i18next";

import { Confirm } from "../../ui/Confirm";
import { type Campaign, closeCampaign } from "./api";
import { useAct } from "./use-act";

export function CloseDialog({ campaign, onClose }: { campaign: Campaign; onClose: () => void }) {
  const { t } = useTranslation("detections");
  const act = useAct(() => closeCampaign(campaign), t("close.done"), onClose);
  return (
    <Confirm
      opened
      danger
      title={t("close.title", { name: campaign.name })}
      confirm={t("close.confirm")}
      pending={act.isPending}
      problem={act.problem}
      onConfirm={() => act.mutate(undefined)}
      onClose={onClose}
    >
      <p>{t("close.detail", { count: campaign.counts.to_offer ?? 0 })}</p>
    </Confirm>
  );
}
