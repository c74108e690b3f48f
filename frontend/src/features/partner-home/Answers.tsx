import {
  IconCalendarPlus,
  IconFileText,
  IconFolderSymlink,
  IconHeartHandshake,
  IconPhoneCall,
  IconRoute,
  IconUsersGroup,
} from "@tabler/icons-react";
import { type ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { type RequestKind, startPaths } from "../../api/forms";
import { Rich } from "../../ui/Rich";
import type { Home } from "./api";
import { useDelay } from "./delay";
import classes from "./PartnerHome.module.css";

type Name = "file" | "follow" | "misas" | "appointment" | "document" | "contact" | "social";
type Icon = ComponentType<{ size?: number; stroke?: number; "aria-hidden"?: boolean }>;
type Door = { name: Name; kind: RequestKind; icon: Icon; to: string; also?: string; wide?: boolean };

const at = (kind: RequestKind) => ({ kind, to: startPaths[kind] });

/** The six answers in the order of the question, then the social service; each says how long an answer takes now. */
function doors(booking: boolean): Door[] {
  return [
    { name: "file", icon: IconFolderSymlink, ...at("send_file") },
    { name: "follow", icon: IconRoute, kind: "follow_up", to: "/demandes", also: startPaths.follow_up },
    { name: "misas", icon: IconHeartHandshake, ...at("misas_referral") },
    booking
      ? { name: "appointment", icon: IconCalendarPlus, kind: "appointment", to: "/rendez-vous/nouveau", also: startPaths.appointment }
      : { name: "appointment", icon: IconCalendarPlus, ...at("appointment") },
    { name: "document", icon: IconFileText, ...at("document") },
    { name: "contact", icon: IconPhoneCall, ...at("contact") },
    { name: "social", icon: IconUsersGroup, ...at("ss_referral"), wide: true },
  ];
}

export function Answers({ delays, booking }: { delays: Home["delays"] | undefined; booking: boolean }) {
  return (
    <ul className={classes.answers}>
      {doors(booking).map((door) => (
        <Answer key={door.name} door={door} delays={delays} />
      ))}
    </ul>
  );
}

function Answer({ door, delays }: { door: Door; delays: Home["delays"] | undefined }) {
  const { t } = useTranslation("partner-home");
  const delay = useDelay(delays);
  const { name, icon: Icon, to, also, kind, wide } = door;
  const note = delay(kind);
  return (
    <li className={classes.answer} data-wide={wide || undefined}>
      <span className={classes.icon}>
        <Icon size={32} stroke={1.6} aria-hidden />
      </span>
      <div>
        <Link to={to} className={classes.answerLink}>
          {t(`answers.${name}.title`)}
        </Link>
        <p className={classes.answerDetail}>
          <Rich text={t(`answers.${name}.detail`)} />
        </p>
        {also && (name === "follow" || name === "appointment") && (
          <Link to={also} className={classes.answerAlso}>
            {t(`answers.${name}.also`)}
          </Link>
        )}
        {note && <p className={classes.answerNote}>{note}</p>}
      </div>
    </li>
  );
}
