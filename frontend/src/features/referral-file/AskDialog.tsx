import { Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { documentItemValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { fieldErrors } from "../../lib/problem";
import { Confirm } from "../../ui/Confirm";
import { DateField } from "../../ui/DateField";
import { Ticks } from "../../ui/Ticks";
import { type AgentRequest, ask, type AskIn } from "./api";
import { PartnerMessage } from "./PartnerMessage";
import { useAct } from "./use-act";

type Props = { shown: AgentRequest; onClose: () => void };

/** Names what is missing and until when; the clock of the caisse stands still meanwhile. */
export function AskDialog({ shown, onClose }: Props) {
  const { t } = useTranslation("referral-file");
  const code = useCode();
  const [items, setItems] = useState<NonNullable<AskIn["items"]>>([]);
  const [until, setUntil] = useState<{ on: string | null; unreadable: boolean }>({ on: null, unreadable: false });
  const [message, setMessage] = useState("");
  const act = useAct((given: AskIn) => ask(shown, given), t("ask.done"), onClose);
  const errors = fieldErrors(act.problem);
  return (
    <Confirm
      opened
      title={t("ask.title")}
      confirm={t("ask.confirm")}
      disabled={(items.length === 0 && !message.trim()) || until.unreadable}
      pending={act.isPending}
      problem={act.problem}
      fields={{ items: t("ask.items"), until_on: t("ask.until"), message: t("message.label") }}
      onConfirm={() => act.mutate({ items, until_on: until.on, message: message.trim() || null })}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>{t("ask.detail")}</p>
        <Ticks
          id="items"
          legend={t("ask.items")}
          error={errors.items}
          values={documentItemValues}
          labelOf={(one) => code("document_item", one)}
          chosen={items}
          onChange={setItems}
        />
        <DateField
          id="until_on"
          label={t("ask.until")}
          help={t("ask.until_help")}
          value={until.on}
          error={errors.until_on}
          onChange={(on, unreadable) => setUntil({ on, unreadable })}
        />
        <PartnerMessage value={message} problem={act.problem} onChange={setMessage} />
      </Stack>
    </Confirm>
  );
}
