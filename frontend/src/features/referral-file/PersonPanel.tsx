import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { useCode } from "../../i18n/use-code";
import { ageOn, formatDay } from "../../lib/dates";
import { formatPhone, fullName } from "../../lib/names";
import { asProblem, slugOf } from "../../lib/problem";
import { Panel } from "../../ui/Panel";
import { AmendNeeds } from "../../ui/person/AmendNeeds";
import { NeedsLine, NeedsNotice } from "../../ui/person/PersonNeeds";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { Waiting } from "../../ui/Waiting";
import { type AgentPerson, type AgentRequest, amendContact, person, refreshPerson } from "./api";
import { Duplicates } from "./Duplicates";
import { Numbers } from "./Numbers";
import { OpenWithReason } from "./OpenWithReason";
import classes from "./ReferralFile.module.css";

type Card = AgentRequest["person"];

export function PersonPanel({ personId, card }: { personId: string; card: Card }) {
  const { t } = useTranslation("referral-file");
  const query = useQuery(person(personId));
  const needsReason = query.error && slugOf(asProblem(query.error)) === "person-reason-needed";
  // Some services treat a request without the whole record: its card is then what they have.
  const isCardOnly = query.error && !needsReason && card && asProblem(query.error).status === 403;
  return (
    <>
      <Panel title={t("person.title")}>
        {query.isPending && <Waiting rows={4} />}
        {needsReason && <OpenWithReason personId={personId} />}
        {isCardOnly && <CardFacts card={card} />}
        {query.isError && !needsReason && !isCardOnly && <ProblemScreen error={query.error} retry={() => void query.refetch()} back="/files" />}
        {query.data && <PersonFacts known={query.data} />}
      </Panel>
      {query.data && <Duplicates personId={personId} />}
    </>
  );
}

function CardFacts({ card }: { card: NonNullable<Card> }) {
  const { t } = useTranslation("referral-file");
  const facts = [
    [t("person.identity"), card.display_name],
    [t("person.born"), t("person.born_on", { date: formatDay(card.birth_on), age: ageOn(card.birth_on) })],
    [t("person.phone"), card.phone_masked],
    [t("person.address"), card.city],
  ];
  return (
    <dl className={classes.list}>
      {facts
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Beside a number to call: what must be known before. Read with the record, so nothing more is counted. */
export function BeforeCalling({ personId }: { personId: string }) {
  const query = useQuery(person(personId));
  return query.data ? <NeedsLine known={query.data.contact} /> : null;
}

function PersonFacts({ known }: { known: AgentPerson }) {
  const { t } = useTranslation("referral-file");
  const code = useCode();
  const queryClient = useQueryClient();
  const { identity, contact, household } = known;
  const facts: [string, string | null | undefined][] = [
    [t("person.identity"), [identity.civility && code("civility", identity.civility), fullName(identity)].filter(Boolean).join(" ")],
    [t("person.birth_name"), identity.birth_name],
    [
      t("person.born"),
      [t("person.born_on", { date: formatDay(identity.birth_on), age: ageOn(identity.birth_on) }), identity.birth_place]
        .filter(Boolean)
        .join(", "),
    ],
    [t("person.phone"), contact.phone && `${formatPhone(contact.phone)}${contact.phone_kind ? ` (${code("phone_kind", contact.phone_kind).toLocaleLowerCase("fr")})` : ""}`],
    [t("person.language"), [code("language", contact.language), contact.interpreter && t("person.interpreter")].filter(Boolean).join(", ")],
    [t("person.channel"), code("channel", contact.preferred_channel)],
    [t("person.email"), contact.email],
    [t("person.address"), contact.address && [...contact.address.lines, `${contact.address.postcode} ${contact.address.city}`].join("\n")],
    [
      t("person.household"),
      [
        t("person.adults", { count: household.adults }),
        ...(household.children ?? []).map((child) => t("person.child", { age: ageOn(child.birth_on) })),
      ].join(", "),
    ],
    [t("person.note"), household.note],
  ];
  return (
    <>
      <NeedsNotice known={contact} />
      <dl className={classes.list}>
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {known.abilities.amend && (
        <AmendNeeds
          contact={contact}
          amend={(changed) => amendContact(known, changed)}
          onDone={() => refreshPerson(queryClient)}
        />
      )}
      <Numbers known={known} />
    </>
  );
}
