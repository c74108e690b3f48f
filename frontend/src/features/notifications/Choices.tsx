import { NativeSelect } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { type Choice, choose, refreshNotifications, type Side } from "../../api/notifications";
import { useCode } from "../../i18n/use-code";
import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { ProblemSummary } from "../../ui/ProblemSummary";
import classes from "./Notifications.module.css";

const channels = ["application", "email", "digest", "none"] as const;

/** How each kind reaches me; kept as soon as it is chosen. */
export function Choices({ side, chosen }: { side: Side; chosen: Choice[] }) {
  const { t } = useTranslation("notifications");
  const code = useCode();
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: (choice: Choice) => choose(side, [choice]),
    onSuccess: () => {
      announce(t("choices.saved"));
      return refreshNotifications(queryClient);
    },
  });
  return (
    <>
      <p className={classes.quiet}>{t("choices.detail")}</p>
      <ProblemSummary problem={save.error && asProblem(save.error)} />
      <div className={classes.choices}>
        {chosen.map(({ kind, channel }) => (
          <NativeSelect
            key={kind}
            label={code("notification_kind", kind)}
            value={save.isPending && save.variables.kind === kind ? save.variables.channel : channel}
            onChange={(event) => save.mutate({ kind, channel: event.currentTarget.value as Choice["channel"] })}
          >
            {channels.map((one) => (
              <option key={one} value={one}>
                {code("notification_channel", one)}
              </option>
            ))}
          </NativeSelect>
        ))}
      </div>
    </>
  );
}
