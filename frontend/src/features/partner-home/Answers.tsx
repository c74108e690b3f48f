import {
  IconCalendarPlus,
  IconFileText,
  IconFolderSymlink,
  IconHeartHandshake,
  IconPhoneCall,
  IconRoute,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { Rich } from "../../ui/Rich";
import type { Home } from "./api";
import classes from "./PartnerHome.module.css";

/** The six answers; those that are not there yet say how to do meanwhile and lead nowhere. */
export function Answers({ delays, booking }: { delays: Home["delays"] | undefined; booking: boolean }) {
  const { t } = useTranslation("partner-home");
  const misas = delays?.find((delay) => delay.kind === "misas_referral");
  const days = misas && (misas.observed_days ?? misas.target_days);
  return (
    <>
      <ul className={classes.answers}>
        <Answer
          to="/saisine"
          icon={<IconHeartHandshake size={32} stroke={1.6} aria-hidden />}
          title={t("answers.misas.title")}
          detail={<Rich text={t("answers.misas.detail")} />}
          note={
            days !== undefined &&
            t(misas?.observed_days != null ? "answers.observed" : "answers.target", { count: Math.round(days) })
          }
        />
        <Answer
          to="/demandes"
          icon={<IconRoute size={32} stroke={1.6} aria-hidden />}
          title={t("answers.follow.title")}
          detail={t("answers.follow.detail")}
        />
        {booking && (
          <Answer
            to="/rendez-vous/nouveau"
            icon={<IconCalendarPlus size={32} stroke={1.6} aria-hidden />}
            title={t("answers.appointment.title")}
            detail={t("answers.appointment.detail")}
          />
        )}
        <Coming icon={<IconFolderSymlink size={28} stroke={1.6} aria-hidden />} name="file" />
        {!booking && <Coming icon={<IconCalendarPlus size={28} stroke={1.6} aria-hidden />} name="appointment" />}
        <Coming icon={<IconFileText size={28} stroke={1.6} aria-hidden />} name="document" />
        <Coming icon={<IconPhoneCall size={28} stroke={1.6} aria-hidden />} name="contact" />
      </ul>
      <p className={classes.meanwhile}>{t("answers.meanwhile")}</p>
    </>
  );
}

type AnswerProps = { to: string; icon: ReactNode; title: string; detail: ReactNode; note?: ReactNode };

function Answer({ to, icon, title, detail, note }: AnswerProps) {
  return (
    <li className={classes.answer}>
      <span className={classes.icon}>{icon}</span>
      <div>
        <Link to={to} className={classes.answerLink}>
          {title}
        </Link>
        <p className={classes.answerDetail}>{detail}</p>
        {note && <p className={classes.answerNote}>{note}</p>}
      </div>
    </li>
  );
}

function Coming({ icon, name }: { icon: ReactNode; name: "file" | "appointment" | "document" | "contact" }) {
  const { t } = useTranslation("partner-home");
  return (
    <li className={classes.coming}>
      <span className={classes.icon}>{icon}</span>
      <div>
        <span className={classes.comingTitle}>{t(`answers.${name}.title`)}</span>
        <p className={classes.answerDetail}>{t(`answers.${name}.detail`)}</p>
        <p className={classes.comingNote}>{t("answers.coming")}</p>
      </div>
    </li>
  );
}
