import { IconCloudCheck, IconCloudOff, IconLoader2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { formatTime } from "../../lib/dates";
import { useDraft } from "./draft-context";
import classes from "./RequestForm.module.css";

/** Whether what is on the screen is safe. */
export function SavedNote() {
  const { t } = useTranslation();
  const { status, savedAt } = useDraft();
  const failed = status === "retrying" || status === "refused";
  const busy = status === "saving" || status === "dirty";
  const Icon = failed ? IconCloudOff : busy ? IconLoader2 : IconCloudCheck;
  return (
    <p className={classes.saved}>
      <Icon size={20} aria-hidden />
      {/* Only a failure is announced: a word at each keystroke would drown the rest. */}
      <span role={failed ? "alert" : undefined}>
        {failed && t("saved.failed")}
        {busy && t("saved.saving")}
        {!failed && !busy && (savedAt ? t("saved.saved", { at: formatTime(savedAt) }) : t("saved.nothing"))}
      </span>
    </p>
  );
}
