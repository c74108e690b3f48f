import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { formatDay } from "../../lib/dates";
import { EmptyState } from "../../ui/EmptyState";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { Waiting } from "../../ui/Waiting";
import { type PersonSearch, persons } from "./api";
import classes from "./RequestForm.module.css";

type Props = { criteria: PersonSearch; busy: boolean; onChoose: (personId: string) => void };

export function PersonResults({ criteria, busy, onChoose }: Props) {
  const { t } = useTranslation("request-form");
  const found = useQuery(persons(criteria));
  if (found.isPending) return <Waiting rows={2} height={72} />;
  if (found.isError) return <ProblemScreen error={found.error} retry={() => void found.refetch()} back="/saisine" />;
  const { items, more } = found.data;
  if (items.length === 0) return <EmptyState title={t("person.none")}>{t("person.none_detail")}</EmptyState>;
  return (
    <section aria-labelledby="found">
      <h2 id="found" role="status" className={classes.found}>
        {t("person.found", { count: items.length })}
      </h2>
      {more && <p className={classes.lead}>{t("person.more")}</p>}
      <ul className={classes.results}>
        {items.map((one) => (
          <li key={one.id} className={classes.result}>
            <div>
              <span className={classes.name}>{one.display_name}</span>
              <span className={classes.small}>
                {[t("born", { date: formatDay(one.birth_on) }), one.city, one.phone_masked].filter(Boolean).join(" · ")}
              </span>
            </div>
            <Button
              variant="default"
              disabled={busy}
              aria-label={t("person.choose_label", { name: one.display_name })}
              onClick={() => onChoose(one.id)}
            >
              {t("person.choose")}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
