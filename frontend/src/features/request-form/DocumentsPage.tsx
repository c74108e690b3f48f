import { Button, Group, Stack } from "@mantine/core";
import { IconArrowLeft, IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { Documents } from "../../ui/documents/Documents";
import { PageTitle } from "../../ui/PageTitle";
import { useDraft } from "./draft-context";
import { FormSteps } from "./FormSteps";
import classes from "./RequestForm.module.css";
import { pathOf } from "./steps";

/** Documents are kept as they arrive: there is nothing to save on this step. */
export default function DocumentsPage() {
  const { t } = useTranslation("request-form");
  const { t: common } = useTranslation();
  const { request } = useDraft();
  return (
    <div className={classes.column}>
      <FormSteps kind={request.kind} current="documents" />
      <PageTitle below={request.person && t("about", { name: request.person.display_name })}>{t("documents.title")}</PageTitle>
      <Stack gap={32}>
        <Documents side="partner" requestId={request.id} />
        <div className={classes.bottom}>
          <Group gap="xs">
            <Button
              component={Link}
              to={pathOf(request.id, "summary")}
              rightSection={<IconArrowRight size={20} aria-hidden />}
            >
              {common("act.continue")}
            </Button>
            <Button
              component={Link}
              to={pathOf(request.id, "agreement")}
              variant="default"
              leftSection={<IconArrowLeft size={20} aria-hidden />}
            >
              {common("act.previous")}
            </Button>
          </Group>
        </div>
      </Stack>
    </div>
  );
}
