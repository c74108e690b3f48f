import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { campaignModeValues, targetPopulationValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { fieldErrors } from "../../lib/problem";
import { Confirm } from "../../ui/Confirm";
import { DateField } from "../../ui/DateField";
import { OneOf } from "../../ui/Ticks";
import { type CampaignIn, openCampaign } from "./api";
import { useAct } from "./use-act";

type Typed = Pick<CampaignIn, "name" | "population"> & {
  mode: CampaignIn["mode"] | null;
  from_on: string | null;
  until_on: string | null;
};

const blank: Typed = { name: "", mode: null, population: null, from_on: null, until_on: null };

export function CampaignDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("detections");
  const code = useCode();
  const [typed, setTyped] = useState(blank);
  const change = (patch: Partial<Typed>) => setTyped((before) => ({ ...before, ...patch }));
  const act = useAct(() => openCampaign(typed as CampaignIn), t("open.done"), onClose);
  const errors = fieldErrors(act.problem);
  const fields = {
    name: t("open.name"),
    mode: t("open.mode"),
    population: t("open.population"),
    from_on: t("open.from"),
    until_on: t("open.until"),
  };
  return (
    <Confirm
      opened
      title={t("open.title")}
      confirm={t("open.confirm")}
      pending={act.isPending}
      problem={act.problem}
      fields={fields}
      onConfirm={() => act.mutate(undefined)}
      onClose={onClose}
    >
      <TextInput
        id="name"
        label={fields.name}
        description={t("open.name_help")}
        maxLength={120}
        value={typed.name}
        error={errors.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <OneOf
        id="mode"
        legend={fields.mode}
        error={errors.mode}
        values={campaignModeValues}
        labelOf={(one) => code("campaign_mode", one)}
        chosen={typed.mode}
        onChange={(mode) => change({ mode, population: null })}
      />
      {typed.mode === "population" && (
        <OneOf
          id="population"
          legend={fields.population}
          error={errors.population}
          values={targetPopulationValues}
          labelOf={(one) => code("target_population", one)}
          chosen={typed.population}
          onChange={(population) => change({ population })}
        />
      )}
      <DateField id="from_on" label={fields.from_on} value={typed.from_on} error={errors.from_on} onChange={(from_on) => change({ from_on })} />
      <DateField id="until_on" label={fields.until_on} value={typed.until_on} error={errors.until_on} onChange={(until_on) => change({ until_on })} />
    </Confirm>
  );
}
