import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useDirectory } from "../../api/partners";
import { formatDay, formatInstant } from "../../lib/dates";
import { Panel } from "../../ui/Panel";
import type { History, Version } from "./api";
import classes from "./Templates.module.css";

type Props = { shown: History; onReuse: (version: Version) => void };

/** Who changed what, and since when it is used; published texts never change. */
export function Versions({ shown, onReuse }: Props) {
  const { t } = useTranslation("letter-templates");
  const names = useDirectory(shown.versions.flatMap((one) => [one.published_by, one.updated_by]));
  const nameOf = (id: string | null) => (id && names.get(id)?.name) || t("versions.somebody");
  const titleOf = (one: Version) => {
    if (one.state === "shipped") return t("versions.shipped");
    if (one.state === "draft") return t("versions.draft", { number: one.number });
    return t("versions.published", { number: one.number, date: one.valid_from ? formatDay(one.valid_from) : "" });
  };
  return (
    <Panel title={t("versions.title")}>
      <ol className={classes.versions} reversed>
        {shown.versions.map((one) => (
          <li key={one.number}>
            <strong>
              {titleOf(one)}
              {one.number === shown.in_force && ` · ${t("versions.in_force")}`}
            </strong>
            {one.note && <p>{one.note}</p>}
            {one.published_at && (
              <p className={classes.quiet}>
                {t("versions.by", { name: nameOf(one.published_by), when: formatInstant(one.published_at) })}
              </p>
            )}
            {one.state === "draft" && one.updated_at && (
              <p className={classes.quiet}>
                {t("versions.saved_by", { name: nameOf(one.updated_by), when: formatInstant(one.updated_at) })}
              </p>
            )}
            {one.state !== "draft" && (
              <details>
                <summary>{t("versions.see")}</summary>
                <div className={classes.text} lang={shown.language}>
                  <strong>{one.subject}</strong>
                  {"\n\n"}
                  {one.body}
                </div>
                <Button mt="xs" variant="default" onClick={() => onReuse(one)}>
                  {t("versions.reuse")}
                </Button>
              </details>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
