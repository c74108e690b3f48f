import { Button, Group, Radio, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconArrowLeft, IconArrowRight } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useActive } from "../../api/active";
import { PageTitle } from "../../ui/PageTitle";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { Waiting } from "../../ui/Waiting";
import { countRefused, motives, type Motives, type Refused, type Side, sideOf } from "./api";
import { MotiveAccepted, MotiveRefused } from "./MotiveAnswer";
import classes from "./Orientation.module.css";
import { Stops } from "./Stops";

const STEERS = ["coordinateur", "manager_ss", "responsable_unite"];

/** Before the form of the social service: what it does not take stops here, named with who does (SS-05). */
export default function MotivesPage() {
  const { t } = useTranslation("orientation");
  const active = useActive();
  const side = sideOf(active.audience);
  const found = useQuery(motives(side));
  return (
    <div className={classes.column}>
      {(found.isPending || found.isError) && <PageTitle>{t("motives.title")}</PageTitle>}
      {found.isPending && <Waiting rows={8} />}
      {found.isError && <ProblemScreen error={found.error} retry={() => void found.refetch()} />}
      {found.data && <Gate side={side} listed={found.data} />}
      {STEERS.includes(active.role) && <Stops />}
    </div>
  );
}

function Gate({ side, listed }: { side: Side; listed: Motives }) {
  const [chosen, setChosen] = useState<string>();
  const [passed, setPassed] = useState(false);
  const refused = listed.refused.find((one) => one.code === chosen);
  const accepted = listed.accepted.find((one) => one.code === chosen);
  const again = () => setPassed(false);
  if (passed && refused) return <MotiveRefused motive={refused} onAgain={again} />;
  if (passed && accepted) return <MotiveAccepted side={side} motive={accepted} onAgain={again} />;
  const decide = () => {
    // Counting must not keep anybody from being told where to go.
    if (refused) countRefused(side, refused.code).catch(() => undefined);
    setPassed(true);
  };
  return <MotiveForm listed={listed} chosen={chosen} onChoose={setChosen} onDecide={decide} />;
}

type FormProps = { listed: Motives; chosen: string | undefined; onChoose: (code: string) => void; onDecide: () => void };

function MotiveForm({ listed, chosen, onChoose, onDecide }: FormProps) {
  const { t } = useTranslation("orientation");
  const { t: common } = useTranslation();
  const name = useId();
  const [missing, setMissing] = useState(false);
  const radios = (some: readonly Pick<Refused, "code" | "label">[] | Motives["accepted"]) =>
    some.map((one) => (
      <Radio
        key={one.code}
        name={name}
        className={classes.answer}
        label={one.label}
        checked={chosen === one.code}
        onChange={() => {
          onChoose(one.code);
          setMissing(false);
        }}
      />
    ));
  return (
    <>
      <PageTitle below={t("motives.intro")}>{t("motives.title")}</PageTitle>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen) onDecide();
          else setMissing(true);
        }}
      >
        <Stack gap={24}>
          {missing && (
            <p role="alert" className={classes.missing}>
              {t("motives.missing")}
            </p>
          )}
          <fieldset className={classes.answers}>
            <legend className={classes.legend}>{t("motives.health")}</legend>
            {radios(listed.accepted)}
          </fieldset>
          <fieldset className={classes.answers}>
            <legend className={classes.legend}>{t("motives.other")}</legend>
            {radios(listed.refused)}
          </fieldset>
          <Group gap="xs">
            <Button type="submit" rightSection={<IconArrowRight size={20} aria-hidden />}>
              {common("act.continue")}
            </Button>
            <Button variant="default" component={Link} to="/" leftSection={<IconArrowLeft size={20} aria-hidden />}>
              {common("act.back")}
            </Button>
          </Group>
        </Stack>
      </form>
    </>
  );
}
