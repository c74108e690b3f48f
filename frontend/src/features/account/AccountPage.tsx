import { useTranslation } from "react-i18next";

import { useActive } from "../../api/active";
import { useMe } from "../../api/partners";
import { useSession } from "../../api/session";
import { useCode } from "../../i18n/use-code";
import { fullName } from "../../lib/names";
import { PageTitle } from "../../ui/PageTitle";
import { Panel } from "../../ui/Panel";
import classes from "./Account.module.css";
import { Factors } from "./Factors";
import { PasswordPanel } from "./PasswordPanel";
import { RecoveryPanel } from "./RecoveryPanel";
import { Sessions } from "./Sessions";

export default function AccountPage() {
  const { t } = useTranslation("account");
  const { t: common } = useTranslation();
  const code = useCode();
  const active = useActive();
  const session = useSession();
  const me = useMe(active);
  return (
    <>
      <PageTitle below={me && `${fullName(me)}, ${me.email}`}>{t("title")}</PageTitle>
      <div className={classes.grid}>
        <Panel title={t("assignments")}>
          <ul className={classes.plain}>
            {session.assignments.map((assignment) => (
              <li key={assignment.id}>
                {common("shell.assignment", { role: code("role", assignment.role), caisse: assignment.caisse })}
                {assignment.id === active.assignment_id && <strong>{` (${common("shell.role_current")})`}</strong>}
              </li>
            ))}
          </ul>
        </Panel>
        <Factors />
        <Sessions />
        <RecoveryPanel />
        <PasswordPanel />
      </div>
    </>
  );
}
