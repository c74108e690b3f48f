import { useQueries, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { useCode } from "../../i18n/use-code";
import { type Appointment, CARDS_AT_ONCE, kinds, personCards } from "./api";

const euros = new Intl.NumberFormat("fr-FR", { style: "currency", currency: "EUR" });

/** `120,00 €` */
export const formatEuros = (cents: number) => euros.format(cents / 100);

/** What to call an appointment: the person where the reader may know the name, what it is for, and what it takes. */
export function useTitles(appointments: readonly Appointment[]) {
  const { t } = useTranslation("agenda");
  const code = useCode();
  const nameOf = useNames(appointments);
  const offers = useQuery(kinds()).data?.items ?? [];
  return (shown: Appointment) => {
    const { rental } = shown;
    const who = shown.person_id
      ? nameOf(shown.person_id)
      : (rental?.organisation ?? code("resource_activity", shown.activity!));
    const what = shown.person_id
      ? (offers.find((one) => one.id === shown.kind_id)?.label ?? code("appointment_mode", shown.mode))
      : rental
        ? code("resource_activity", "rental")
        : "";
    const needs = [
      shown.interpreter &&
        (shown.language
          ? t("facts.interpreter_in", { language: code("language", shown.language).toLocaleLowerCase("fr") })
          : t("facts.interpreter")),
      shown.accessibility && t("facts.accessibility"),
    ].filter((one): one is string => Boolean(one));
    const price = rental
      ? t("facts.rental", { reference: rental.contract_reference, amount: formatEuros(rental.amount_cents) })
      : "";
    return { who, what, needs, price };
  };
}

/** The name of a person; without one, says whether it is not for the reader or could not be read. */
function useNames(appointments: readonly Appointment[]) {
  const { t } = useTranslation("agenda");
  const ids = [...new Set(appointments.map((one) => one.person_id).filter((id): id is string => id !== null))].sort();
  const batches = Array.from({ length: Math.ceil(ids.length / CARDS_AT_ONCE) }, (_, n) =>
    ids.slice(n * CARDS_AT_ONCE, (n + 1) * CARDS_AT_ONCE),
  );
  const asked = useQueries({ queries: batches.map(personCards) });
  return (id: string) => {
    const { data, isPending, isError } = asked[Math.floor(ids.indexOf(id) / CARDS_AT_ONCE)]!;
    const known = data?.items.find((card) => card.id === id);
    return known?.display_name ?? t(isError ? "unread" : isPending ? "soon" : "somebody");
  };
}
