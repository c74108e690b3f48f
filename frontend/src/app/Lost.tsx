import { useTranslation } from "react-i18next";

import { PageTitle } from "../ui/PageTitle";
import { ProblemScreen } from "../ui/ProblemScreen";

const notFound = { type: "/problems/not-found", title: "", status: 404 };

export function Lost() {
  const { t } = useTranslation();
  return (
    <>
      <PageTitle>{t("problem.not_found_title")}</PageTitle>
      <ProblemScreen error={notFound} />
    </>
  );
}
