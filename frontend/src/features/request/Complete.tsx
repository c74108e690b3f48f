import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useCode } from "../../i18n/use-code";
import { formatDay, formatRelative } from "../../lib/dates";
import { Notice } from "../../ui/Notice";
import { WordsDialog } from "../../ui/WordsDialog";
import { complete, type PartnerRequest } from "./api";
import classes from "./Request.module.css";
import { useAct } from "./use-act";

/** The caisse named what is missing: what, until when, and one act once it is there. */
export function Complete({ request }: { request: PartnerRequest }) {
  const { t } = useTranslation("request");
  const code = useCode();
  const [asked, setAsked] = useState(false);
  const act = useAct((message: string | null) => complete(request, message), t("complete.done"), () => setAsked(false));
  const ask = request.timeline.findLast((event) => event.event === "ask");
  const until = ask?.until_on ?? request.lapses_on;
  return (
    <Notice
      tone="turn"
      title={t("complete.title")}
      aside={request.abilities.complete && <Button onClick={() => setAsked(true)}>{t("complete.act")}</Button>}
    >
      {ask && ask.items.length > 0 && (
        <ul className={classes.missing}>
          {ask.items.map((item) => (
            <li key={item}>{code("document_item", item)}</li>
          ))}
        </ul>
      )}
      {ask?.message && <p className={classes.words}>{ask.message}</p>}
      {until && <p>{t("complete.until", { date: formatDay(until), when: formatRelative(until) })}</p>}
      <p>
        <a href="#documents">{t("complete.add")}</a>
      </p>
      {asked && (
        <WordsDialog
          title={t("complete.ask")}
          confirm={t("complete.act")}
          label={t("complete.message")}
          personId={request.person?.id}
          pending={act.isPending}
          problem={act.problem}
          onConfirm={(message) => act.mutate(message)}
          onClose={() => setAsked(false)}
        >
          <p>{t("complete.detail")}</p>
        </WordsDialog>
      )}
    </Notice>
  );
}
