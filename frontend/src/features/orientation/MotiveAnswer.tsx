import { Button, Group } from "@mantine/core";
import { IconArrowLeft, IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { Notice } from "../../ui/Notice";
import { PageTitle } from "../../ui/PageTitle";
import { Panel } from "../../ui/Panel";
import type { Kept, Motives, Refused, Side } from "./api";
import { ssForm } from "./next-steps";
import classes from "./Orientation.module.css";

/** The stop: not this service, but that one, and the way goes on. */
export function MotiveRefused({ motive, onAgain }: { motive: Refused; onAgain: () => void }) {
  const { t } = useTranslation("orientation");
  const { destination } = motive;
  const answers = { answers: motive.goes_on } satisfies Kept;
  return (
    <>
      <PageTitle>{t("motives.stop")}</PageTitle>
      <div className={classes.sheets}>
        <Notice tone="turn" title={motive.label}>
          <p>{t("motives.stop_detail")}</p>
        </Notice>
        <Panel title={t("motives.taken_by", { name: destination.name })}>
          <p>{destination.who}</p>
          {destination.does && <p>{destination.does}</p>}
          <Button component={Link} to="/orientation" state={answers} className={classes.go} rightSection={<IconArrowRight size={20} aria-hidden />}>
            {t("motives.go_on")}
          </Button>
        </Panel>
        <Again onAgain={onAgain} />
        <p className={classes.rules}>{t("outcome.rules", { count: motive.rules.length, rules: motive.rules.join(", ") })}</p>
      </div>
    </>
  );
}

type AcceptedProps = { side: Side; motive: Motives["accepted"][number]; onAgain: () => void };

/** The service takes it: on to its form, where it is online. */
export function MotiveAccepted({ side, motive, onAgain }: AcceptedProps) {
  const { t } = useTranslation("orientation");
  const form = ssForm[side];
  return (
    <>
      <PageTitle>{t("motives.taken")}</PageTitle>
      <div className={classes.sheets}>
        <Notice tone="done" title={motive.label}>
          <p>{t("motives.taken_detail")}</p>
        </Notice>
        {form ? (
          <Button
            component={Link}
            to={form}
            state={{ fills: { motive: motive.code } }}
            className={classes.start}
            rightSection={<IconArrowRight size={20} aria-hidden />}
          >
            {t("motives.write")}
          </Button>
        ) : (
          <p>{t(`outcome.not_online.${side}`)}</p>
        )}
        <Again onAgain={onAgain} />
      </div>
    </>
  );
}

function Again({ onAgain }: { onAgain: () => void }) {
  const { t } = useTranslation("orientation");
  return (
    <Group gap="xs">
      <Button variant="default" leftSection={<IconArrowLeft size={20} aria-hidden />} onClick={onAgain}>
        {t("motives.again")}
      </Button>
    </Group>
  );
}
