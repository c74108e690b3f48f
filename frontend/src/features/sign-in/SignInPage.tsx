import { Anchor } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useNavigate, useSearchParams } from "react-router";

import { keepSession, type SessionView, useSession } from "../../api/session";
import { PageTitle } from "../../ui/PageTitle";
import { DemonstrationAccounts } from "./DemonstrationAccounts";
import { PasswordStep } from "./PasswordStep";
import { SecondStep } from "./SecondStep";
import classes from "./SignInPage.module.css";

/** Only a path of this application: an address elsewhere after sign-in would help a phisher. */
function safePath(wanted: string | null): string {
  return wanted && /^\/(?![/\\])/.test(wanted) ? wanted : "/";
}

export default function SignInPage() {
  const { t } = useTranslation("sign-in");
  const session = useSession();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const [restarted, setRestarted] = useState(false);
  const next = safePath(search.get("vers"));

  function passed(view: SessionView) {
    keepSession(queryClient, view);
    setRestarted(false);
    if (view.state === "open") void navigate(next, { replace: true });
    if (view.state === "enrolment") void navigate("/invitation", { replace: true });
  }

  if (session.state === "open") return <Navigate to={next} replace />;
  const second = session.state === "second_factor" && !restarted;
  return (
    <div className={session.demonstration ? classes.two : classes.one}>
      <div className={classes.form}>
        <PageTitle below={second ? undefined : t("welcome")}>{second ? t("second.title") : t("title")}</PageTitle>
        {second ? (
          <SecondStep factors={session.factors} onPassed={passed} onRestart={() => setRestarted(true)} />
        ) : (
          <>
            <PasswordStep onPassed={passed} />
            <p className={classes.links}>
              <Anchor component={Link} to="/mot-de-passe-oublie">
                {t("forgotten")}
              </Anchor>
            </p>
            <p className={classes.hint}>{t("first_time")}</p>
          </>
        )}
      </div>
      {session.demonstration && <DemonstrationAccounts onPassed={passed} />}
    </div>
  );
}
