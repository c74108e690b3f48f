import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { partnerStructure } from "../../api/partners";
import { formatDay, todayIso } from "../../lib/dates";
import { Notice } from "../../ui/Notice";
import { Rich } from "../../ui/Rich";
import classes from "./PartnerHome.module.css";

/** Shown only to structures trained for the urgency line. */
export function Urgent() {
  const { t } = useTranslation("partner-home");
  const structure = useQuery(partnerStructure());
  const today = todayIso();
  const right = structure.data?.rights.find(
    (one) => one.right === "lup" && one.from_on <= today && (!one.until_on || one.until_on >= today),
  );
  if (!right) return null;
  return (
    <div className={classes.urgent}>
      <Notice tone="turn" title={t("urgent.title")}>
        <p>
          <Rich text={t("urgent.detail")} />{" "}
          {right.until_on && t("urgent.until", { date: formatDay(right.until_on) })}
        </p>
      </Notice>
    </div>
  );
}
