import { PasswordInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

type Props = { id: string; label: string; value: string; error?: string; onChange: (value: string) => void };

/** A new password, shown on demand, with its length counted: no rule but the length. */
export function NewPassword({ id, label, value, error, onChange }: Props) {
  const { t } = useTranslation("sign-in");
  const { t: common } = useTranslation();
  return (
    <div>
      <PasswordInput
        id={id}
        label={label}
        description={t("new_password.help")}
        value={value}
        error={error}
        autoComplete="new-password"
        required
        visibilityToggleButtonProps={{ "aria-label": common("act.show_password"), tabIndex: 0 }}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <span aria-live="polite">{value.length > 0 && t("new_password.length", { count: value.length })}</span>
    </div>
  );
}
