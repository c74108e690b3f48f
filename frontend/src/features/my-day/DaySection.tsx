import { IconAlarm, IconClock, IconHourglassHigh, IconInbox, IconMail } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { DirectoryEntry } from "../../api/partners";
import { Clock } from "../../ui/Clock";
import { Panel } from "../../ui/Panel";
import type { Section } from "./api";
import classes from "./MyDay.module.css";

const icons = {
  overdue: IconAlarm,
  due_today: IconClock,
  to_read: IconMail,
  waiting_partner: IconHourglassHigh,
  new_in_queues: IconInbox,
};

type Props = { name: keyof typeof icons; section: Section; names: Map<string, DirectoryEntry>; to: string };

export function DaySection({ name, section, names, to }: Props) {
  const { t } = useTranslation("my-day");
  const Icon = icons[name];
  const { count, more } = section.count;
  return (
    <Panel
      title={t(`${name}.title`)}
      aside={
        count > 0 && (
          <Link to={to} className={classes.count} aria-label={t("see_all", { count, what: t(`${name}.title`) })}>
            <Icon size={20} aria-hidden />
            <strong>
              {count}
              {more && "+"}
            </strong>
          </Link>
        )
      }
    >
      {section.items.length === 0 && <p className={classes.none}>{t(`${name}.none`)}</p>}
      <ul className={classes.rows}>
        {section.items.map((row) => (
          <li key={row.id}>
            <div>
              <Link to={`/files/${row.id}`} data-row-link className={classes.name}>
                {row.person?.display_name ?? row.number}
              </Link>
              <span className={classes.small}>
                {[row.number, row.structure_id && names.get(row.structure_id)?.name].filter(Boolean).join(" · ")}
              </span>
              {row.unread > 0 && <span className={classes.unread}>{t("unread", { count: row.unread })}</span>}
            </div>
            <Clock dueOn={row.due_on} workingDaysLeft={row.working_days_left} overdue={row.overdue} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
