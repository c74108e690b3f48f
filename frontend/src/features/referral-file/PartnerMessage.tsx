import { Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { fieldErrors, type Problem } from "../../lib/problem";

type Props = { label?: string; value: string; problem: Problem | null; onChange: (value: string) => void };

export function PartnerMessage({ label, value, problem, onChange }: Props) {
  const { t } = useTranslation("referral-file");
  return (
    <Textarea
      id="message"
      label={label ?? t("message.label")}
      description={t("message.help")}
      autosize
      minRows={2}
      maxLength={2000}
      value={value}
      error={fieldErrors(problem).message}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
