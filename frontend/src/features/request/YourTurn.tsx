import { useTranslation } from "react-i18next";

import { formatDay, formatRelative } from "../../lib/dates";
import { Notice } from "../../ui/Notice";
import { Answered } from "./Answered";
import type { PartnerRequest } from "./api";
import { Complete } from "./Complete";
import classes from "./Request.module.css";

/** What is awaited, from whom, by when; or what the answer was. */
export function YourTurn({ request }: { request: PartnerRequest }) {
  return (
    <div className={classes.turn}>
      <Turn request={request} />
    </div>
  );
}

function Turn({ request }: { request: PartnerRequest }) {
  const { t } = useTranslation("request");
  if (request.state === "waiting_partner") return <Complete request={request} />;
  if (request.turn === "partner") {
    return (
      <Notice tone="turn" title={t("turn.partner_title")} aside={<a href="#text">{t("turn.reply")}</a>}>
        <p>{t("turn.partner")}</p>
      </Notice>
    );
  }
  if (request.turn === "caisse") {
    return (
      <Notice title={t(request.kind === "ss_referral" ? "turn.social_title" : "turn.caisse_title")}>
        <p>{t("turn.caisse", { date: formatDay(request.due_on), when: formatRelative(request.due_on) })}</p>
      </Notice>
    );
  }
  return <Answered request={request} />;
}
