import { Button, Group, Stack } from "@mantine/core";
import { IconCopy, IconPrinter } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import classes from "./RecoveryCodes.module.css";

/** Ten codes, shown once. */
export function RecoveryCodes({ codes, onKept, kept }: { codes: string[]; kept: string; onKept: () => void }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  return (
    <Stack gap="md">
      <p className={classes.why}>{t("recovery.why")}</p>
      <ul className={classes.codes} aria-label={t("recovery.title")}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Group gap="xs" className="no-print">
        <Button variant="default" leftSection={<IconPrinter size={18} aria-hidden />} onClick={() => window.print()}>
          {t("act.print")}
        </Button>
        <Button
          variant="default"
          leftSection={<IconCopy size={18} aria-hidden />}
          onClick={() => void navigator.clipboard.writeText(codes.join("\n")).then(() => setCopied(true))}
        >
          {copied ? t("act.copied") : t("act.copy")}
        </Button>
      </Group>
      <Button onClick={onKept}>{kept}</Button>
    </Stack>
  );
}
