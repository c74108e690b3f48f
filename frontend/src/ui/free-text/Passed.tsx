import { Button, Group } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import classes from "./FreeText.module.css";

type Props = { text: string; onRemove?: () => void; children?: ReactNode };

/** One thing that has no place in a text, and what may be done about it. */
export function Passed({ text, onRemove, children }: Props) {
  const { t } = useTranslation();
  return (
    <div className={classes.notice}>
      <p className={classes.warning}>
        <IconAlertTriangle size={20} aria-hidden />
        {text}
      </p>
      {(onRemove ?? children) && (
        <Group gap="xs" className={classes.acts}>
          {children}
          {onRemove && (
            <Button variant="default" size="compact-md" onClick={onRemove}>
              {t("free_text.remove")}
            </Button>
          )}
        </Group>
      )}
    </div>
  );
}
