import type { QueryClient } from "@tanstack/react-query";

import { api, client, type Schemas } from "../../api/client";
import { told } from "../../api/identity";

const partner = "/api/v1/accompaniments/partner";
const persons = "/api/v1/referrals/partner/persons";

export type Appointment = Schemas["PartnerAppointment"];
export type Booking = Schemas["PartnerBookingIn"];
export type Offers = Schemas["Offers"];
export type SlotQuery = {
  calendar_id: string;
  kind_id: string;
  from_on: string;
  interpreter: boolean;
  accessibility: boolean;
};

export const offers = () => ({ ...api.queryOptions("get", `${partner}/offers`), staleTime: 60_000 });

/** Slots go fast: each look is fresh. */
export const slots = ({ calendar_id, ...query }: SlotQuery) => ({
  ...api.queryOptions("get", `${partner}/calendars/{calendar_id}/slots`, { params: { path: { calendar_id }, query } }),
  staleTime: 0,
  gcTime: 0,
});

export const appointments = (cursor?: string) =>
  api.queryOptions("get", `${partner}/appointments`, { params: { query: { cursor } } });

export const searchPersons = (criteria: Schemas["PersonSearch"]) =>
  told(client.POST(`${persons}/search`, { body: criteria }));

export const person = (person_id: string) => ({
  ...api.queryOptions("get", `${persons}/{person_id}`, { params: { path: { person_id } } }),
  staleTime: 5 * 60_000,
  refetchOnWindowFocus: false,
});

export const personCards = (ids: string[]) => ({
  queryKey: ["partner-person-cards", ids],
  queryFn: () => told(client.POST(`${persons}/batch`, { body: { ids } })),
  enabled: ids.length > 0,
});

export const book = (body: Booking) => told(client.POST(`${partner}/appointments`, { body }));

const at = (shown: Appointment) => ({
  path: { appointment_id: shown.id },
  header: { "If-Match": `"${shown.version}"` },
});

export const move = (shown: Appointment, starts_at: string) =>
  told(client.POST(`${partner}/appointments/{appointment_id}/move`, { params: at(shown), body: { starts_at } }));

export const cancel = (shown: Appointment, reason: Schemas["CancelReason"]) =>
  told(client.POST(`${partner}/appointments/{appointment_id}/cancel`, { params: at(shown), body: { reason } }));

export const refreshAppointments = (queryClient: QueryClient) =>
  queryClient.invalidateQueries({ queryKey: ["get", `${partner}/appointments`] });
