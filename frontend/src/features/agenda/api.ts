import type { QueryClient } from "@tanstack/react-query";

import { api, client, type Schemas } from "../../api/client";
import { told } from "../../api/identity";

const agent = "/api/v1/accompaniments/agent";
const persons = "/api/v1/referrals/agent/persons";

export type Calendar = Schemas["CalendarOut"];
export type CalendarDetail = Schemas["CalendarDetail"];
export type Availability = Schemas["AvailabilityIn"];
export type Appointment = Schemas["AgentAppointment"];
export type Week = Schemas["Week"];
export type Kind = Schemas["KindOut"];
export type CalendarIn = Schemas["CalendarIn"];
export type KindIn = Schemas["KindIn"];

/** Booked for an activity, not for a person. */
export const isResource = ({ kind }: Pick<Calendar, "kind">) => kind === "room" || kind === "equipment";

export const calendars = () => ({ ...api.queryOptions("get", `${agent}/calendars`), staleTime: 60_000 });

export const calendar = (calendar_id: string) =>
  api.queryOptions("get", `${agent}/calendars/{calendar_id}`, { params: { path: { calendar_id } } });

export const kinds = () => ({ ...api.queryOptions("get", `${agent}/kinds`), staleTime: 60_000 });

export const week = (calendar_id: string, from_on: string, cancelled: boolean) =>
  api.queryOptions("get", `${agent}/calendars/{calendar_id}/week`, {
    params: { path: { calendar_id }, query: { from_on, cancelled } },
  });

export type SlotQuery = { calendar_id: string; kind_id: string; from_on: string; interpreter: boolean; accessibility: boolean };

export const slots = ({ calendar_id, ...query }: SlotQuery) => ({
  ...api.queryOptions("get", `${agent}/calendars/{calendar_id}/slots`, { params: { path: { calendar_id }, query } }),
  staleTime: 0,
  gcTime: 0,
});

export const searchPersons = (criteria: Schemas["PersonSearch"]) =>
  told(client.POST(`${persons}/search`, { body: criteria }));

/** What to know before receiving or calling; read for one person at a time, and counted. */
export const personNeeds = (person_id: string) => ({
  ...api.queryOptions("get", `${persons}/{person_id}/needs`, { params: { path: { person_id } } }),
  retry: false,
  staleTime: 5 * 60_000,
  refetchOnWindowFocus: false,
});

/** As many as one question may name. */
export const CARDS_AT_ONCE = 100;

/** Names of the persons entrusted to the reader; a role that reads none gets none, and the agenda stays usable. */
export const personCards = (ids: readonly string[]) => ({
  queryKey: ["agent-person-cards", ids],
  queryFn: () => told(client.POST(`${persons}/batch`, { body: { ids: [...ids] } })),
  retry: false,
  staleTime: 5 * 60_000,
  refetchOnWindowFocus: false,
});

export const book = (body: Schemas["AgentBookingIn"]) => told(client.POST(`${agent}/appointments`, { body }));

export const bookResource = (body: Schemas["ResourceBookingIn"]) =>
  told(client.POST(`${agent}/resource-bookings`, { body }));

const at = (shown: Appointment) => ({
  path: { appointment_id: shown.id },
  header: { "If-Match": `"${shown.version}"` },
});

export const move = (shown: Appointment, body: Schemas["MoveIn"]) =>
  told(client.POST(`${agent}/appointments/{appointment_id}/move`, { params: at(shown), body }));

export const cancel = (shown: Appointment, body: Schemas["AgentCancelIn"]) =>
  told(client.POST(`${agent}/appointments/{appointment_id}/cancel`, { params: at(shown), body }));

export const outcomes = {
  see: (shown: Appointment) => told(client.POST(`${agent}/appointments/{appointment_id}/see`, { params: at(shown) })),
  excuse: (shown: Appointment) =>
    told(client.POST(`${agent}/appointments/{appointment_id}/excuse`, { params: at(shown) })),
  miss: (shown: Appointment) => told(client.POST(`${agent}/appointments/{appointment_id}/miss`, { params: at(shown) })),
};

export const openCalendar = (body: CalendarIn) => told(client.POST(`${agent}/calendars`, { body }));

export const amendCalendar = (shown: Calendar, body: CalendarIn) =>
  told(
    client.PUT(`${agent}/calendars/{calendar_id}`, {
      params: { path: { calendar_id: shown.id }, header: { "If-Match": `"${shown.version}"` } },
      body,
    }),
  );

export const offerKind = (body: KindIn) => told(client.POST(`${agent}/kinds`, { body }));

export const amendKind = (shown: Kind, body: KindIn) =>
  told(
    client.PUT(`${agent}/kinds/{kind_id}`, {
      params: { path: { kind_id: shown.id }, header: { "If-Match": `"${shown.version}"` } },
      body,
    }),
  );

export const setAvailability = (shown: CalendarDetail, body: Availability) =>
  told(
    client.PUT(`${agent}/calendars/{calendar_id}/availability`, {
      params: { path: { calendar_id: shown.id }, header: { "If-Match": `"${shown.version}"` } },
      body,
    }),
  );

/** The secret is drawn here and only its hash is sent: nobody can read the address but who holds it. */
export async function openFeed(calendar_id: string): Promise<string> {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const token = btoa(String.fromCharCode(...secret)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const hashed = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  const token_sha256 = [...new Uint8Array(hashed)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  await told(
    client.POST(`${agent}/calendars/{calendar_id}/feeds`, { params: { path: { calendar_id } }, body: { token_sha256 } }),
  );
  return `${window.location.origin}/api/v1/gateway/anyone/calendar/${token}.ics`;
}

export const revokeFeed = (feed_id: string) =>
  told(client.POST(`${agent}/calendar-feeds/{feed_id}/revoke`, { params: { path: { feed_id } } }));

export const refreshAgenda = (queryClient: QueryClient) =>
  queryClient.invalidateQueries({
    predicate: ({ queryKey: [, path] }) => typeof path === "string" && path.startsWith(agent),
  });
