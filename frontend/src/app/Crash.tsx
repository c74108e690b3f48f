import { Button, Container } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { isRouteErrorResponse, useRouteError } from "react-router";

import { isProblem } from "../lib/problem";
import { Notice } from "../ui/Notice";
import { ProblemScreen } from "../ui/ProblemScreen";

/** Last net: an error nobody expected, with a way out. */
export function Crash() {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <Container size="sm" py="xl">
      {isProblem(error) || isRouteErrorResponse(error) ? (
        <ProblemScreen error={error} retry={() => window.location.reload()} />
      ) : (
        <Notice tone="danger" title={t("problem.crash_title")} role="alert">
          <p>{t("problem.crash_detail")}</p>
          <Button mt="sm" variant="default" onClick={() => window.location.reload()}>
            {t("problem.reload")}
          </Button>
        </Notice>
      )}
    </Container>
  );
}
