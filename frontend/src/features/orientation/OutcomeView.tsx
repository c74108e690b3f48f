import { Button, Group } from "@mantine/core";
import { IconArrowRight, IconRefresh } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useCode } from "../../i18n/use-code";
import { Notice } from "../../ui/Notice";
import { PageTitle } from "../../ui/PageTitle";
import { Panel } from "../../ui/Panel";
import type { Outcome, Side } from "./api";
import { isElsewhere, pathOf } from "./next-steps";
import classes from "./Orientation.module.css";

type Props = { side: Side; outcome: Outcome; onRestart: () => void };

/** Who takes it, why, what the person can do alone first (ESP-11), then the next step. */
export function OutcomeView({ side, outcome, onRestart }: Props) {
  const { t } = useTranslation("orientation");
  const { destination, step } = outcome;
  return (
    <>
      <p className={classes.position}>{t(destination.outside ? "outcome.outside" : "outcome.inside")}</p>
      <PageTitle below={destination.who}>{destination.name}</PageTitle>
      <div className={classes.sheets}>
        <Panel title={t("outcome.why")}>
          <p>{outcome.reason}</p>
        </Panel>
        {outcome.self_service && (
          <Notice title={t("outcome.self_service")}>
            <p>{outcome.self_service}</p>
          </Notice>
        )}
        <Panel title={t("outcome.next")}>
          {destination.does && <p>{destination.does}</p>}
          {!isElsewhere(step.kind) && <Step side={side} step={step} />}
          {outcome.also.length > 0 && (
            <ul className={classes.also}>
              {outcome.also.map((one) => (
                <li key={one.text}>{one.text}</li>
              ))}
            </ul>
          )}
        </Panel>
        <Group gap="xs" className="no-print">
          <Button variant="default" leftSection={<IconRefresh size={18} aria-hidden />} onClick={onRestart}>
            {t("outcome.restart")}
          </Button>
        </Group>
        <p className={classes.rules}>{t("outcome.rules", { count: outcome.rules.length, rules: outcome.rules.join(", ") })}</p>
      </div>
    </>
  );
}

function Step({ side, step }: { side: Side; step: Outcome["step"] }) {
  const { t } = useTranslation("orientation");
  const code = useCode();
  const path = pathOf(side, step.kind);
  if (path)
    return (
      <Button component={Link} to={path} state={{ fills: step.fills }} className={classes.go} rightSection={<IconArrowRight size={20} aria-hidden />}>
        {code("next_step", step.kind)}
      </Button>
    );
  return (
    <p>
      <strong>{code("next_step", step.kind)}</strong>
      {` : ${t(`outcome.not_online.${side}`)}`}
    </p>
  );
}
