import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { startPaths } from "../../api/forms";
import { partnerStructure } from "../../api/partners";
import { formatDay, todayIso } from "../../lib/dates";
import { Notice } from "../../ui/Notice";
import { Rich } from "../../ui/Rich";
import type { Home } from "./api";
import { useDelay } from "./delay";
import classes from "./PartnerHome.module.css";

/** Shown only to structures trained for the urgency line (LUP-01). */
export function Urgent({ delays, follows }: { delays: Home["delays"] | undefined; follows: boolean }) {
  const { t } = useTranslation("partner-home");
  const delay = useDelay(delays);
  const structure = useQuery(partnerStructure());
  const today = todayIso();
  const right = structure.data?.rights.find(
    (one) => one.right === "lup" && one.from_on <= today && (!one.until_on || one.until_on >= today),
  );
  if (!right) return null;
  return (
    <div className={classes.urgent}>
      <Notice
        tone="turn"
        title={t("urgent.title")}
        aside={
          follows && (
            <Button component={Link} to={startPaths.urgent}>
              {t("urgent.act")}
            </Button>
          )
        }
      >
        <p>
          <Rich text={t("urgent.detail")} />{" "}
          {right.until_on && t("urgent.until", { date: formatDay(right.until_on) })}
        </p>
        {follows && delay("urgent") && <p>{delay("urgent")}</p>}
      </Notice>
    </div>
  );
}
