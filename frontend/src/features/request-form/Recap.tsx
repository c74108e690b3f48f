import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { formatDay } from "../../lib/dates";
import type { AnyForm } from "../../api/forms";
import { FormView } from "../../ui/FormView";
import { Panel } from "../../ui/Panel";
import type { Draft } from "./api";
import classes from "./RequestForm.module.css";
import { pathOf } from "./steps";

/** Everything that will be sent, with a way back to each part. */
export function Recap({ request, form }: { request: Draft; form: AnyForm }) {
  const { t } = useTranslation("request-form");
  const edit = (step: "situation" | "agreement") => (
    <Button component={Link} to={pathOf(request.id, step)} variant="subtle" size="sm" aria-label={t(`summary.edit_${step}`)}>
      {t("summary.edit")}
    </Button>
  );
  return (
    <div className={classes.recap}>
      <Panel title={t("steps.person")}>
        <span className={classes.name}>{request.person?.display_name}</span>
        {request.person && (
          <span className={classes.small}>{t("born", { date: formatDay(request.person.birth_on) })}</span>
        )}
      </Panel>
      <Panel title={t(`steps.situation_of.${form.kind}`)} aside={edit("situation")}>
        <FormView form={form} part="situation" />
      </Panel>
      <Panel title={t("steps.agreement")} aside={edit("agreement")}>
        <FormView form={form} part="agreement" />
      </Panel>
    </div>
  );
}
