import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { careTypeValues, referralMotiveValues, referralScopeValues, renunciationReasonValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { fieldErrors } from "../../lib/problem";
import { Panel } from "../../ui/Panel";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { Ticks } from "../../ui/Ticks";
import { type Agreed, agree, type Detection } from "./api";
import classes from "./Detections.module.css";
import { useAct } from "./use-act";

type Care = NonNullable<Agreed["renounced_care"]>[number];
type Typed = Required<Pick<Agreed, "scopes" | "motives">> & { renounced_care: Care[]; best_time: string };

const blank: Typed = { scopes: [], motives: [], renounced_care: [], best_time: "" };

/** What the person agreed to on the telephone: the referral is filed from here. */
export function AgreeForm({ shown, onClose }: { shown: Detection; onClose: () => void }) {
  const { t } = useTranslation("detections");
  const code = useCode();
  const [typed, setTyped] = useState(blank);
  const change = (patch: Partial<Typed>) => setTyped((before) => ({ ...before, ...patch }));
  const form = (): Agreed => ({ kind: "misas_referral", ...typed, best_time: typed.best_time.trim() || null });
  const act = useAct(() => agree(shown, form()), t("agree.done"), onClose);
  const errors = fieldErrors(act.problem);
  const fields = {
    scopes: t("agree.scopes"),
    motives: t("agree.motives"),
    renounced_care: t("agree.cares"),
    best_time: t("agree.best_time"),
  };
  return (
    <Panel title={t("agree.title")}>
      <form
        noValidate
        className={classes.stack}
        onSubmit={(event) => {
          event.preventDefault();
          act.mutate(undefined);
        }}
      >
        <ProblemSummary problem={act.problem} fields={fields} />
        <p>{t("agree.intro")}</p>
        <Ticks
          id="scopes"
          legend={fields.scopes}
          error={errors.scopes}
          values={referralScopeValues}
          labelOf={(one) => code("referral_scope", one)}
          chosen={typed.scopes}
          onChange={(scopes) => change(scopes.includes("renoncement_soins") ? { scopes } : { scopes, renounced_care: [] })}
        />
        {typed.scopes.includes("renoncement_soins") && (
          <Cares chosen={typed.renounced_care} errors={errors} onChange={(renounced_care) => change({ renounced_care })} />
        )}
        <Ticks
          id="motives"
          legend={fields.motives}
          error={errors.motives}
          values={referralMotiveValues}
          labelOf={(one) => code("referral_motive", one)}
          chosen={typed.motives}
          onChange={(motives) => change({ motives })}
        />
        <TextInput
          id="best_time"
          label={fields.best_time}
          value={typed.best_time}
          error={errors.best_time}
          maxLength={200}
          onChange={(event) => change({ best_time: event.currentTarget.value })}
        />
        <div className={classes.acts}>
          <Button type="submit" loading={act.isPending}>
            {t("agree.confirm")}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t("agree.back")}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

type CaresProps = { chosen: Care[]; errors: Record<string, string>; onChange: (cares: Care[]) => void };

function Cares({ chosen, errors, onChange }: CaresProps) {
  const { t } = useTranslation("detections");
  const code = useCode();
  // "Other" needs words, which belong to the adviser who calls next.
  const listed = careTypeValues.filter((one) => one !== "other");
  return (
    <>
      <Ticks
        id="renounced_care"
        legend={t("agree.cares")}
        error={errors.renounced_care}
        values={listed}
        labelOf={(one) => code("care_type", one)}
        chosen={chosen.flatMap((care) => care.care_type ?? [])}
        onChange={(types) =>
          onChange(types.map((care_type) => chosen.find((care) => care.care_type === care_type) ?? { care_type, detail: null, reasons: [] }))
        }
      />
      {chosen.map((care, index) => (
        <Ticks
          key={care.care_type}
          id={`renounced_care.${index}.reasons`}
          legend={t("agree.why", { care: code("care_type", care.care_type ?? "other") })}
          error={errors[`renounced_care.${index}.reasons`]}
          values={renunciationReasonValues}
          labelOf={(one) => code("renunciation_reason", one)}
          chosen={care.reasons ?? []}
          onChange={(reasons) => onChange(chosen.map((one, at) => (at === index ? { ...one, reasons } : one)))}
        />
      ))}
    </>
  );
}
