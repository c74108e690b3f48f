import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { useCode } from "../../i18n/use-code";
import { type Appointment, kinds, personCards } from "./api";

/** What to call an appointment: the person where the reader may know the name, and what it is for. */
export function useTitles(appointments: readonly Appointment[]) {
  const { t } = useTranslation("agenda");
  const code = useCode();
  const ids = [...new Set(appointments.map((one) => one.person_id).filter((id): id is string => id !== null))].sort();
  const cards = useQuery(personCards(ids)).data?.items ?? [];
  const offers = useQuery(kinds()).data?.items ?? [];
  return (shown: Appointment) => {
    const who = shown.person_id
      ? (cards.find((card) => card.id === shown.person_id)?.display_name ?? t("somebody"))
      : (shown.rental?.organisation ?? code("resource_activity", shown.activity!));
    const what = shown.person_id
      ? (offers.find((one) => one.id === shown.kind_id)?.label ?? code("appointment_mode", shown.mode))
      : shown.rental
        ? code("resource_activity", "rental")
        : "";
    return { who, what };
  };
}
