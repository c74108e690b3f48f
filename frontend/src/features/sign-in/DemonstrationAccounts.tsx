import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { type DemonstrationAccount, demonstrationAccounts, demonstrationCode } from "../../api/demonstration";
import { signIn, signInByCode } from "../../api/identity";
import type { SessionView } from "../../api/session";
import { asProblem, type Problem } from "../../lib/problem";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { Waiting } from "../../ui/Waiting";
import classes from "./DemonstrationAccounts.module.css";

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Demonstration settings only: signs in by the real path, password then code. */
export function DemonstrationAccounts({ onPassed }: { onPassed: (session: SessionView) => void }) {
  const { t } = useTranslation("sign-in");
  const accounts = useQuery(demonstrationAccounts());
  const [busy, setBusy] = useState<string | null>(null);
  const [waiting, setWaiting] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);

  async function enter(account: DemonstrationAccount) {
    setBusy(account.email);
    setProblem(null);
    try {
      await signIn(account.email, account.password);
      onPassed(await passCode(account.email, setWaiting));
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(null);
      setWaiting(0);
    }
  }

  return (
    <section className={classes.box} aria-labelledby="demonstration">
      <h2 id="demonstration" className={classes.title}>
        {t("demo.title")}
      </h2>
      <p className={classes.detail}>{t("demo.detail")}</p>
      <ProblemSummary problem={problem} />
      <p role="status" className={classes.detail}>
        {waiting > 0 && t("demo.wait", { seconds: waiting })}
      </p>
      {accounts.isPending && <Waiting rows={4} height={64} />}
      <ul className={classes.list}>
        {accounts.data?.map((account) => (
          <li key={account.email}>
            <div>
              <span className={classes.name}>{account.label}</span>
              <span className={classes.description}>{account.description}</span>
            </div>
            <Button
              variant="default"
              size="sm"
              aria-label={t("demo.enter_as", { label: account.label })}
              loading={busy === account.email}
              disabled={busy !== null && busy !== account.email}
              onClick={() => void enter(account)}
            >
              {t("demo.enter")}
            </Button>
          </li>
        ))}
      </ul>
      <p className={classes.detail}>
        <Link to="/demonstration/e-mails">{t("outbox.link")}</Link>
      </p>
    </section>
  );
}

/** A code works once: when the present one is spent, the next one is awaited. */
async function passCode(email: string, onWait: (seconds: number) => void): Promise<SessionView> {
  const { code, usable_in } = await demonstrationCode(email);
  if (usable_in > 0) {
    onWait(usable_in);
    await pause(usable_in + 0.5);
  }
  return signInByCode(code);
}
