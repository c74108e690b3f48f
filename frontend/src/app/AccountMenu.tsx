import { Button, Menu, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconCheck, IconChevronDown, IconLogout, IconMoon, IconSun, IconUserCircle, IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { signOut, switchRole } from "../api/identity";
import type { Assignment, SessionView } from "../api/session";
import { useCode } from "../i18n/use-code";
import classes from "./AccountMenu.module.css";

type Props = { session: SessionView; who: string; compact?: boolean };

/** Who is signed in; other roles, account, theme, sign-out. */
export function AccountMenu({ session, who, compact = false }: Props) {
  const { t } = useTranslation();
  const scheme = useComputedColorScheme("light");
  const { setColorScheme } = useMantineColorScheme();
  // A full load after either act: nothing read under one role may show under another.
  const leave = useMutation({ mutationFn: signOut, onSettled: () => window.location.assign("/connexion") });
  const change = useMutation({ mutationFn: switchRole, onSuccess: () => window.location.assign("/") });
  const roleName = useRoleName();
  return (
    <Menu position={compact ? "right-end" : "bottom-end"} width={300} shadow="md">
      <Menu.Target>
        <Button
          variant="subtle"
          className={compact ? classes.compact : classes.trigger}
          aria-label={t("shell.account_menu", { name: who })}
          leftSection={<IconUserCircle size={24} aria-hidden />}
          rightSection={compact ? undefined : <IconChevronDown size={16} aria-hidden />}
        >
          <span className={classes.who}>{compact ? t("shell.account") : who || t("shell.account")}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {session.assignments.length > 1 && (
          <>
            <Menu.Label>{t("shell.roles")}</Menu.Label>
            {session.assignments.map((assignment) => {
              const isActive = assignment.id === session.active?.assignment_id;
              return (
                <Menu.Item
                  key={assignment.id}
                  disabled={change.isPending}
                  leftSection={isActive ? <IconCheck size={18} aria-hidden /> : <IconUsers size={18} aria-hidden />}
                  onClick={() => !isActive && change.mutate(assignment.id)}
                >
                  {roleName(assignment)}
                  {isActive && <span className={classes.note}>{t("shell.role_current")}</span>}
                </Menu.Item>
              );
            })}
            <Menu.Divider />
          </>
        )}
        <Menu.Item component={Link} to="/compte" leftSection={<IconUserCircle size={18} aria-hidden />}>
          {t("shell.account")}
        </Menu.Item>
        <Menu.Item
          leftSection={scheme === "dark" ? <IconSun size={18} aria-hidden /> : <IconMoon size={18} aria-hidden />}
          onClick={() => setColorScheme(scheme === "dark" ? "light" : "dark")}
        >
          {t(scheme === "dark" ? "shell.theme_light" : "shell.theme_dark")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={18} aria-hidden />} onClick={() => leave.mutate()}>
          {t("shell.sign_out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function useRoleName(): (assignment: Assignment) => string {
  const { t } = useTranslation();
  const code = useCode();
  return (assignment) =>
    t("shell.assignment", { role: code("role", assignment.role), caisse: assignment.caisse });
}
