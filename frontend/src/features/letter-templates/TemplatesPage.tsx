import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { formatDay } from "../../lib/dates";
import { PageTitle } from "../../ui/PageTitle";
import { Panel } from "../../ui/Panel";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { Waiting } from "../../ui/Waiting";
import { type Summary, templates } from "./api";
import { LetterheadPanel } from "./LetterheadPanel";
import classes from "./Templates.module.css";

export default function TemplatesPage() {
  const { t } = useTranslation("letter-templates");
  const query = useQuery(templates());
  return (
    <>
      <PageTitle below={t("intro")}>{t("title")}</PageTitle>
      {query.isPending && <Waiting rows={8} />}
      {query.isError && <ProblemScreen error={query.error} retry={() => void query.refetch()} back="/ma-journee" />}
      {query.data && (
        <div className={classes.list}>
          {query.data.map((kind) => (
            <Panel key={kind.kind} title={kind.label}>
              <p className={classes.quiet}>{t(`addressee.${kind.addressee}`)}</p>
              <ul className={classes.languages}>
                {kind.languages.map((one) => (
                  <LanguageLine key={one.language} kind={kind.kind} state={one} />
                ))}
              </ul>
            </Panel>
          ))}
          <LetterheadPanel />
        </div>
      )}
    </>
  );
}

function LanguageLine({ kind, state }: { kind: string; state: Summary["languages"][number] }) {
  const { t } = useTranslation("letter-templates");
  const said = [
    state.in_force === null && t("state.none"),
    state.in_force === 0 && t("state.shipped"),
    state.in_force !== null && state.in_force > 0 && state.valid_from !== null &&
      t("state.version", { number: state.in_force, date: formatDay(state.valid_from) }),
    state.coming !== null && t("state.coming", { number: state.coming }),
    state.has_draft && t("state.draft"),
  ].filter(Boolean);
  return (
    <li>
      <Link to={`/modeles/${kind}/${state.language}`}>{t(`language.${state.language}`)}</Link>
      <span className={classes.quiet}>{said.join(" · ")}</span>
    </li>
  );
}
