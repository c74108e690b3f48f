import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { type Consent, refreshReferrals, type Side, withdrawConsent } from "../../api/consents";
import { agreementChannelValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { todayIso } from "../../lib/dates";
import { asProblem, fieldErrors } from "../../lib/problem";
import { announce } from "../Announcer";
import { Confirm } from "../Confirm";
import { DateField } from "../DateField";
import { OneOf } from "../Ticks";

type Props = { side: Side; consent: Consent; onClose: () => void };

/** The person's word is written down: which day, said how. Nobody is asked why. */
export function WithdrawConsent({ side, consent, onClose }: Props) {
  const { t } = useTranslation("person");
  const code = useCode();
  const queryClient = useQueryClient();
  const [day, setDay] = useState<string | null>(todayIso());
  const [channel, setChannel] = useState<Consent["channel"] | null>(null);
  const act = useMutation({
    mutationFn: (said: { withdrawn_on: string; channel: Consent["channel"] }) => withdrawConsent(side, consent, said),
    onSuccess: async () => {
      onClose();
      announce(t("consent.done"));
      await refreshReferrals(queryClient);
    },
  });
  const problem = act.error ? asProblem(act.error) : null;
  const errors = fieldErrors(problem);
  return (
    <Confirm
      opened
      danger
      title={t("consent.withdraw_title")}
      confirm={t("consent.confirm")}
      disabled={!day || !channel}
      pending={act.isPending}
      problem={problem}
      fields={{ withdrawn_on: t("consent.withdrawn_on"), channel: t("consent.channel") }}
      onConfirm={() => day && channel && act.mutate({ withdrawn_on: day, channel })}
      onClose={onClose}
    >
      <p>{t(`consent.withdraw_detail.${side}`)}</p>
      <DateField
        id="withdrawn_on"
        label={t("consent.withdrawn_on")}
        value={day}
        error={errors.withdrawn_on}
        onChange={setDay}
      />
      <OneOf
        id="channel"
        legend={t("consent.channel")}
        error={errors.channel}
        values={agreementChannelValues}
        chosen={channel}
        labelOf={(one) => code("agreement_channel", one)}
        onChange={setChannel}
      />
    </Confirm>
  );
}
