import { type QueryClient } from "@tanstack/react-query";

import { api, client, type Schemas } from "../../api/client";
import { told } from "../../api/identity";

const partner = "/api/v1/referrals/partner";

export type PartnerRequest = Schemas["PartnerRequest"];
export type WithdrawIn = Schemas["WithdrawIn"];

export const request = (request_id: string) =>
  api.queryOptions("get", `${partner}/requests/{request_id}`, { params: { path: { request_id } } });

export const letters = (request_id: string) =>
  api.queryOptions("get", `${partner}/requests/{request_id}/letters`, { params: { path: { request_id } } });

export const person = (person_id: string) =>
  api.queryOptions("get", `${partner}/persons/{person_id}`, { params: { path: { person_id } } });

export const amendContact = (known: Schemas["PartnerPerson"], contact: Schemas["ContactIn"]) =>
  told(
    client.POST(`${partner}/persons/{person_id}/amend`, {
      params: { path: { person_id: known.id }, header: { "If-Match": `"${known.version}"` } },
      body: { contact },
    }),
  );

export const postMessage = (request_id: string, text: string) =>
  told(client.POST(`${partner}/requests/{request_id}/messages`, { params: { path: { request_id } }, body: { text } }));

export const markRead = (request_id: string) =>
  told(client.POST(`${partner}/requests/{request_id}/read`, { params: { path: { request_id } } }));

export const withdraw = (request_id: string, version: number, body: WithdrawIn) =>
  told(
    client.POST(`${partner}/requests/{request_id}/withdraw`, {
      params: { path: { request_id }, header: { "If-Match": `"${version}"` } },
      body,
    }),
  );

const at = (shown: PartnerRequest) => ({
  path: { request_id: shown.id },
  header: { "If-Match": `"${shown.version}"` },
});

export const complete = (shown: PartnerRequest, message: string | null) =>
  told(client.POST(`${partner}/requests/{request_id}/complete`, { params: at(shown), body: { message } }));

export const close = (shown: PartnerRequest) =>
  told(client.POST(`${partner}/requests/{request_id}/close`, { params: at(shown) }));

export const reopen = (shown: PartnerRequest, message: string) =>
  told(client.POST(`${partner}/requests/{request_id}/reopen`, { params: at(shown), body: { message } }));

/** The request was entered in error: kept, and counted nowhere. */
export const voidRequest = (shown: PartnerRequest, message: string) =>
  told(client.POST(`${partner}/requests/{request_id}/void`, { params: at(shown), body: { message } }));

/** Everything that shows requests: the request itself, the lists, the home page. */
export async function refreshRequests(queryClient: QueryClient): Promise<void> {
  await queryClient.invalidateQueries({
    predicate: ({ queryKey }) => typeof queryKey[1] === "string" && queryKey[1].startsWith(partner),
  });
}
