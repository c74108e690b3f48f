import { Button } from "@mantine/core";
import { IconEraser } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { WordsDialog } from "../../ui/WordsDialog";
import { type PartnerRequest, voidRequest } from "./api";
import { useAct } from "./use-act";

/** The wrong person, sent twice: the request is kept and nobody acts on it any more. */
export function Void({ request }: { request: PartnerRequest }) {
  const { t } = useTranslation("request");
  const [asked, setAsked] = useState(false);
  const act = useAct((message: string) => voidRequest(request, message), t("void.done"), () => setAsked(false));
  return (
    <>
      <Button variant="subtle" leftSection={<IconEraser size={20} aria-hidden />} onClick={() => setAsked(true)}>
        {t("void.act")}
      </Button>
      {asked && (
        <WordsDialog
          required
          danger
          title={t("void.title")}
          confirm={t("void.confirm")}
          label={t("void.why")}
          personId={request.person?.id}
          pending={act.isPending}
          problem={act.problem}
          onConfirm={(message) => message && act.mutate(message)}
          onClose={() => setAsked(false)}
        >
          <p>{t("void.detail", { number: request.number })}</p>
        </WordsDialog>
      )}
    </>
  );
}
