import { api, client, type Schemas } from "../../api/client";
import { told } from "../../api/identity";
import type { AnyForm, MisasForm, RequestKind } from "../../api/forms";

const partner = "/api/v1/referrals/partner";

export type PersonIn = Schemas["PersonIn"];
export type PersonCard = Schemas["PersonCard"];
export type PersonSearch = Schemas["PersonSearch"];
export type Care = MisasForm["renounced_care"][number];
export type Draft = Schemas["PartnerRequest"];
export type FiledReceipt = Schemas["FiledReceipt"];

/** A search is a POST, since no name may stand in an address; it changes nothing. */
export const persons = (criteria: PersonSearch) => ({
  queryKey: ["partner-persons", criteria],
  queryFn: () => told(client.POST(`${partner}/persons/search`, { body: criteria })),
  staleTime: 0,
  gcTime: 0,
});

export const personCards = (ids: string[]) => ({
  queryKey: ["partner-person-cards", ids],
  queryFn: () => told(client.POST(`${partner}/persons/batch`, { body: { ids } })),
  enabled: ids.length > 0,
});

export const person = (person_id: string) =>
  api.queryOptions("get", `${partner}/persons/{person_id}`, { params: { path: { person_id } } });

export const registerPerson = (given: PersonIn) => told(client.POST(`${partner}/persons`, { body: given }));

export const startDraft = (kind: RequestKind, person_id: string) =>
  told(client.POST(`${partner}/requests`, { body: { kind, person_id } }));

/** What the structure sent lately, to find the request that a follow-up is about. */
export const sentRequests = () =>
  api.queryOptions("get", `${partner}/requests`, { params: { query: { limit: 100 } } });

/** Read once: from then on the page holds the truth and sends it. */
export const draft = (request_id: string) => ({
  ...api.queryOptions("get", `${partner}/requests/{request_id}`, { params: { path: { request_id } } }),
  staleTime: Infinity,
  gcTime: 0,
  refetchOnWindowFocus: false,
});

export const saveForm = (request_id: string, version: number, form: AnyForm) =>
  told(
    client.PUT(`${partner}/requests/{request_id}/form`, {
      params: { path: { request_id }, header: { "If-Match": `"${version}"` } },
      body: form,
    }),
  );

export const submitDraft = (request_id: string, version: number) =>
  told(
    client.POST(`${partner}/requests/{request_id}/submit`, {
      params: { path: { request_id }, header: { "If-Match": `"${version}"` } },
    }),
  );

export const makeOrdinary = (request_id: string, version: number) =>
  told(
    client.POST(`${partner}/requests/{request_id}/make-ordinary`, {
      params: { path: { request_id }, header: { "If-Match": `"${version}"` } },
    }),
  );

/** A draft just made ordinary says that it is urgent, where there is no urgency line any more (LUP-07). */
export async function sayUrgent(request_id: string, version: number): Promise<void> {
  const read = await told(client.GET(`${partner}/requests/{request_id}`, { params: { path: { request_id } } }));
  if (read.form && "urgent" in read.form) await saveForm(request_id, version, { ...read.form, urgent: true });
}

export const discardDraft = (request_id: string, version: number) =>
  told(
    client.POST(`${partner}/requests/{request_id}/discard`, {
      params: { path: { request_id }, header: { "If-Match": `"${version}"` } },
    }),
  );

/** What is read to the person, word for word; it changes rarely. */
export const statement = (kind: RequestKind) => ({
  ...api.queryOptions("get", `${partner}/information-statement`, { params: { query: { kind } } }),
  staleTime: 3_600_000,
});
