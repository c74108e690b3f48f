import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useActive } from "../../api/active";
import { bodies } from "../../api/partners";
import { redirectTargetValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { fieldErrors } from "../../lib/problem";
import { Choice } from "../../ui/Choice";
import { Confirm } from "../../ui/Confirm";
import { OneOf } from "../../ui/Ticks";
import { type AgentRequest, redirect, type RedirectIn } from "./api";
import { PartnerMessage } from "./PartnerMessage";
import { useAct } from "./use-act";

type Props = { shown: AgentRequest; onClose: () => void };

/** Services of the caisse that are no target of their own. */
const services = ["ass", "gdb", "accueil", "ces"] as const;

/** A MisAS referral goes anywhere; any other request to another service or to another caisse, as the service allows. */
function targets({ kind, abilities }: AgentRequest): readonly RedirectIn["target"][] {
  if (kind === "misas_referral") return redirectTargetValues;
  return [...(abilities.redirect ? (["queue"] as const) : []), ...(abilities.transfer ? (["other_caisse"] as const) : [])];
}

export function RedirectDialog({ shown, onClose }: Props) {
  const { t } = useTranslation("referral-file");
  const code = useCode();
  const [target, setTarget] = useState<RedirectIn["target"] | null>(null);
  const [body, setBody] = useState<string | null>(null);
  const [message, setMessage] = useState("");
  const act = useAct((given: RedirectIn) => redirect(shown, given), t("redirect.done"), onClose);
  const errors = fieldErrors(act.problem);
  const needsBody = target === "other_caisse" || target === "queue";
  return (
    <Confirm
      opened
      title={t("redirect.title")}
      confirm={t("redirect.confirm")}
      disabled={target === null || (needsBody && !body)}
      pending={act.isPending}
      problem={act.problem}
      fields={{ target: t("redirect.target"), body: t("redirect.body"), message: t("message.label") }}
      onConfirm={() => target && act.mutate({ target, body, message: message.trim() || null })}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>{t("redirect.detail")}</p>
        <OneOf
          id="target"
          legend={t("redirect.target")}
          error={errors.target}
          values={targets(shown)}
          labelOf={(one) => code("redirect_target", one)}
          chosen={target}
          onChange={(one) => {
            setTarget(one);
            setBody(null);
          }}
        />
        {target === "queue" && (
          <Choice
            id="body"
            label={t("redirect.service")}
            error={errors.body}
            value={services.find((one) => one === body)}
            values={services.filter((one) => one !== shown.queue)}
            none={t("redirect.choose")}
            labelOf={(one) => code("queue", one)}
            onChange={(one) => setBody(one ?? null)}
          />
        )}
        {target === "other_caisse" && <OtherCaisse value={body} error={errors.body} onChange={setBody} />}
        <PartnerMessage value={message} problem={act.problem} onChange={setMessage} />
      </Stack>
    </Confirm>
  );
}

type CaisseProps = { value: string | null; error: string | undefined; onChange: (code: string | null) => void };

function OtherCaisse({ value, error, onChange }: CaisseProps) {
  const { t } = useTranslation("referral-file");
  const { caisse } = useActive();
  const known = useQuery(bodies());
  const others = (known.data ?? []).filter((one) => one.kind !== "social_service" && one.code !== caisse);
  const names = new Map(others.map((one) => [one.code, `${one.name} (${one.departments.join(", ")})`]));
  return (
    <Choice
      id="body"
      label={t("redirect.caisse")}
      error={error}
      value={value ?? undefined}
      values={others.map((one) => one.code)}
      none={t("redirect.choose")}
      labelOf={(one) => names.get(one) ?? one}
      onChange={(one) => onChange(one ?? null)}
    />
  );
}
