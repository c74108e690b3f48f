import { useQuery } from "@tanstack/react-query";
import { IconArrowLeft } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { PageTitle } from "../../ui/PageTitle";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { Waiting } from "../../ui/Waiting";
import { history, type Language } from "./api";
import { Editor } from "./Editor";
import classes from "./Templates.module.css";

/** One template in one language: its text beside its look, then every version of it. */
export default function EditorPage() {
  const { t } = useTranslation("letter-templates");
  const { kind = "", language = "fr" } = useParams();
  const query = useQuery({ ...history(kind, language as Language), refetchOnWindowFocus: false });
  return (
    <>
      <Link to="/modeles" className={classes.back}>
        <IconArrowLeft size={18} aria-hidden />
        {t("title")}
      </Link>
      {query.isPending && <Waiting rows={10} />}
      {query.isError && <ProblemScreen error={query.error} retry={() => void query.refetch()} back="/modeles" />}
      {query.data && (
        <>
          <PageTitle below={t(`language.${query.data.language}`)}>{query.data.label}</PageTitle>
          <Editor key={`${kind} ${language}`} shown={query.data} />
        </>
      )}
    </>
  );
}
