import { IconAlarm } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { RequestKind } from "../api/forms";
import { useCode } from "../i18n/use-code";
import classes from "./KindWord.module.css";

/** What is asked, in a word or two; what cannot wait says so. */
export function KindWord({ kind, urgent }: { kind: RequestKind; urgent: boolean }) {
  const { t } = useTranslation();
  const code = useCode();
  return (
    <span className={classes.kind}>
      {urgent && <IconAlarm size={18} stroke={1.9} aria-hidden className={classes.urgent} />}
      {kind !== "urgent" && urgent ? `${code("request_kind_short", kind)} (${t("urgent")})` : code("request_kind_short", kind)}
    </span>
  );
}
