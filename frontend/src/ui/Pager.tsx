import { Button } from "@mantine/core";
import { IconArrowRight, IconArrowUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import classes from "./Pager.module.css";
import { useUrlState } from "./url-state";

/** Pages follow one another by cursor; the browser's own back button leads to the page before. */
export function Pager({ shown, next }: { shown: number; next: string | null }) {
  const { t } = useTranslation();
  const url = useUrlState();
  const isLater = url.get("page") !== undefined;
  return (
    <div className={`${classes.pager} no-print`}>
      <span>{t("table.rows", { count: shown })}</span>
      <div className={classes.buttons}>
        {isLater && (
          <Button
            variant="default"
            leftSection={<IconArrowUp size={18} aria-hidden />}
            onClick={() => url.set({ page: undefined })}
          >
            {t("table.first")}
          </Button>
        )}
        {next && (
          <Button
            variant="default"
            rightSection={<IconArrowRight size={18} aria-hidden />}
            onClick={() => url.set({ page: next })}
          >
            {t("table.next")}
          </Button>
        )}
      </div>
    </div>
  );
}
