import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { useActive } from "../../api/active";
import { switchRole } from "../../api/identity";
import { useSession } from "../../api/session";
import { asProblem } from "../../lib/problem";
import { Notice } from "../../ui/Notice";
import { ProblemSummary } from "../../ui/ProblemSummary";

/** Under a role that follows no request: says so, and offers the role that does when the person has it. */
export function OtherRole() {
  const { t } = useTranslation("partner-home");
  const active = useActive();
  const session = useSession();
  const sender = session.assignments.find(
    (one) => one.role === "partner_user" && one.structure_id === active.structure_id,
  );
  const change = useMutation({ mutationFn: switchRole, onSuccess: () => window.location.assign("/") });
  return (
    <>
      <ProblemSummary problem={change.error && asProblem(change.error)} />
      <Notice title={t("other_role.title")}>
        <p>{t(sender ? "other_role.has" : "other_role.has_not")}</p>
        {sender && (
          <Button loading={change.isPending} onClick={() => change.mutate(sender.id)}>
            {t("other_role.act")}
          </Button>
        )}
      </Notice>
    </>
  );
}
