import { useTranslation } from "react-i18next";

import { useCode } from "../../i18n/use-code";
import { formatDay, formatRelative } from "../../lib/dates";
import { Notice } from "../../ui/Notice";
import type { PartnerRequest } from "./api";
import classes from "./Request.module.css";

/** What is awaited, from whom, by when; or what the answer was. */
export function YourTurn({ request }: { request: PartnerRequest }) {
  const { t } = useTranslation("request");
  const code = useCode();
  const answer = request.timeline.findLast((event) => ["accept", "refuse", "redirect"].includes(event.event));
  if (request.turn === "partner") {
    return (
      <div className={classes.turn}>
        <Notice tone="turn" title={t("turn.partner_title")} aside={<a href="#text">{t("turn.reply")}</a>}>
          <p>{t("turn.partner")}</p>
        </Notice>
      </div>
    );
  }
  if (request.turn === "caisse") {
    return (
      <div className={classes.turn}>
        <Notice title={t("turn.caisse_title")}>
          <p>{t("turn.caisse", { date: formatDay(request.due_on), when: formatRelative(request.due_on) })}</p>
        </Notice>
      </div>
    );
  }
  if (!answer) return null;
  return (
    <div className={classes.turn}>
      <Notice
        tone={answer.event === "accept" ? "done" : "info"}
        title={t(`answer.${answer.event as "accept" | "refuse" | "redirect"}`)}
      >
        {answer.event === "accept" && <p>{t("answer.accept_detail")}</p>}
        {answer.reason && <p>{code("public_reason", answer.reason)}</p>}
        {answer.orientation && <p>{t("answer.orientation", { where: code("orientation", answer.orientation) })}</p>}
        {answer.target && <p>{t("answer.target", { where: code("redirect_target", answer.target) })}</p>}
        {answer.message && <p className={classes.words}>{answer.message}</p>}
      </Notice>
    </div>
  );
}
