import { Button, Modal, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../../api/client";
import { useCode } from "../../i18n/use-code";
import { formatDay } from "../../lib/dates";
import { Waiting } from "../../ui/Waiting";
import { personCards } from "./api";
import classes from "./RequestForm.module.css";

type Props = { created: Schemas["RegisteredPerson"]; busy: boolean; onChoose: (personId: string) => void };

/** The record resembles others of the structure: the person who knows decides, never the machine. */
export function DuplicateWarning({ created, busy, onChoose }: Props) {
  const { t } = useTranslation("request-form");
  const code = useCode();
  const cards = useQuery(personCards(created.duplicates.map((one) => one.id)));
  return (
    <Modal opened onClose={() => undefined} withCloseButton={false} closeOnEscape={false} closeOnClickOutside={false} title={t("duplicate.title")} size="lg">
      <Stack gap="md">
        <p className={classes.lead}>{t("duplicate.detail")}</p>
        {cards.isPending && <Waiting rows={1} height={72} />}
        <ul className={classes.results}>
          {cards.data?.items.map((card) => {
            const reasons = created.duplicates.find((one) => one.id === card.id)?.reasons ?? [];
            return (
              <li key={card.id} className={classes.result}>
                <div>
                  <span className={classes.name}>{card.display_name}</span>
                  <span className={classes.small}>
                    {[t("born", { date: formatDay(card.birth_on) }), card.city].filter(Boolean).join(" · ")}
                  </span>
                  <span className={classes.small}>
                    {t("duplicate.why", { reasons: reasons.map((one) => code("duplicate_reason", one)).join(", ") })}
                  </span>
                </div>
                <Button disabled={busy} onClick={() => onChoose(card.id)}>
                  {t("duplicate.same")}
                </Button>
              </li>
            );
          })}
        </ul>
        <Button variant="default" loading={busy} onClick={() => onChoose(created.id)}>
          {t("duplicate.other")}
        </Button>
      </Stack>
    </Modal>
  );
}
