import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { demonstrationCode } from "../../api/demonstration";
import { asProblem } from "../../lib/problem";
import { ProblemSummary } from "../../ui/ProblemSummary";

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Demonstration settings only: reads the code a demonstration account's application would show, and gives it. */
export function DemonstrationCode({ email, sendCode }: { email: string; sendCode: (code: string) => Promise<unknown> }) {
  const { t } = useTranslation("sign-in");
  const give = useMutation({
    mutationFn: async () => {
      const { code, usable_in } = await demonstrationCode(email);
      if (usable_in > 0) await pause(usable_in + 0.5);
      await sendCode(code);
    },
  });
  return (
    <>
      <ProblemSummary problem={give.error && asProblem(give.error)} />
      <Button variant="default" loading={give.isPending} onClick={() => give.mutate()}>
        {t("demo.give_code")}
      </Button>
    </>
  );
}
