import { VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconBell } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";

import { type Side, unread } from "../api/notifications";
import classes from "./Shell.module.css";

/** Way to the notifications, with how many are unread, said in words to who does not see the badge. */
export function Bell({ side, size = 20 }: { side: Side; size?: number }) {
  const { t } = useTranslation();
  const query = useQuery(unread(side));
  const count = query.data?.count ?? 0;
  const shown = query.data?.more ? `${count}+` : String(count);
  return (
    <NavLink to="/notifications" className={classes.bell}>
      <span className={classes.bellIcon}>
        <IconBell size={size} aria-hidden />
        {count > 0 && (
          <span className={classes.badge} aria-hidden>
            {shown}
          </span>
        )}
      </span>
      {t("shell.notifications")}
      {count > 0 && <VisuallyHidden>{t("shell.unread", { count })}</VisuallyHidden>}
    </NavLink>
  );
}
