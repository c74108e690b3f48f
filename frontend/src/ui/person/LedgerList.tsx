import { useTranslation } from "react-i18next";

import type { Ledger, LedgerEntry } from "../../api/ledger";
import { useCode } from "../../i18n/use-code";
import { formatDay, formatInstant } from "../../lib/dates";
import classes from "./Ledger.module.css";

type Props = { ledger: Ledger; structureName: (id: string | null) => string | undefined; numbered?: boolean };

/** What left: what, from whom, to whom, when, on which agreement. Newest first. */
export function LedgerList({ ledger, structureName, numbered = false }: Props) {
  const { t } = useTranslation("person");
  if (ledger.entries.length === 0) return <p className={classes.quiet}>{t("ledger.none")}</p>;
  return (
    <>
      <ol className={classes.entries}>
        {ledger.entries.map((entry) => (
          <Entry key={entry.id} entry={entry} caisse={ledger.caisse_name} structureName={structureName} numbered={numbered} />
        ))}
      </ol>
      {ledger.more && <p className={classes.quiet}>{t("ledger.more")}</p>}
    </>
  );
}

type EntryProps = { entry: LedgerEntry; caisse: string; structureName: Props["structureName"]; numbered: boolean };

function Entry({ entry, caisse, structureName, numbered }: EntryProps) {
  const { t } = useTranslation("person");
  const code = useCode();
  const whom = useRecipient(entry, structureName);
  const structure = structureName(entry.structure_id) ?? t("ledger.structure");
  const detail = entry.item === "document" && entry.detail ? code("document_item", entry.detail) : entry.detail;
  return (
    <li>
      <strong>{detail ? `${code("ledger_item", entry.item)} : ${detail}` : code("ledger_item", entry.item)}</strong>
      <span>{t("ledger.to", { whom })}</span>
      <span>{t("ledger.by", { whom: entry.side === "partner" ? structure : caisse })}</span>
      <span>{[formatInstant(entry.at), numbered && entry.request_number && t("ledger.request", { number: entry.request_number })].filter(Boolean).join(" · ")}</span>
      <Agreement entry={entry} />
    </li>
  );
}

function Agreement({ entry: { agreement } }: { entry: LedgerEntry }) {
  const { t } = useTranslation("person");
  const code = useCode();
  if (!agreement) return null;
  const how = code("agreement_channel", agreement.channel).toLocaleLowerCase("fr");
  const ended =
    agreement.state === "withdrawn" && agreement.withdrawn_on
      ? t("ledger.withdrawn", { day: formatDay(agreement.withdrawn_on) })
      : agreement.state === "expired" && t("ledger.expired");
  return <span>{[t("ledger.on", { day: formatDay(agreement.informed_on), how }), ended].filter(Boolean).join(" · ")}</span>;
}

function useRecipient(entry: LedgerEntry, structureName: Props["structureName"]): string {
  const { t } = useTranslation("person");
  const code = useCode();
  const { recipient } = entry;
  switch (entry.recipient_kind) {
    case "person":
      return t("ledger.person");
    case "structure":
      return structureName(recipient) ?? t("ledger.structure");
    case "body":
      return entry.recipient_name ?? "";
    case "service":
      if (recipient === "accompaniments" || recipient === "social_service") return t(`ledger.${recipient}`);
      return t("ledger.service", { name: recipient ? code("queue", recipient) : "" });
  }
}
