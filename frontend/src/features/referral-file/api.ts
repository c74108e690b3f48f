import type { QueryClient } from "@tanstack/react-query";

import { api, client, type Schemas } from "../../api/client";
import { told } from "../../api/identity";

const agent = "/api/v1/referrals/agent";
const requests = `${agent}/requests`;

export type AgentRequest = Schemas["AgentRequest"];
export type AgentPerson = Schemas["AgentPerson"];
export type RefuseIn = Schemas["RefuseIn"];
export type RedirectIn = Schemas["RedirectIn"];
export type AskIn = Schemas["AskIn"];
export type AnswerIn = Schemas["AnswerIn"];
export type RejectIn = Schemas["RejectIn"];

export const request = (request_id: string) =>
  api.queryOptions("get", `${agent}/requests/{request_id}`, { params: { path: { request_id } } });

export const person = (person_id: string) => ({
  ...api.queryOptions("get", `${agent}/persons/{person_id}`, { params: { path: { person_id } } }),
  // Each reading of a person is journalled and counted: none without need.
  refetchOnWindowFocus: false,
  staleTime: 5 * 60_000,
});

export const amendContact = (known: AgentPerson, contact: Schemas["ContactIn"]) =>
  told(
    client.POST(`${agent}/persons/{person_id}/amend`, {
      params: { path: { person_id: known.id }, header: { "If-Match": `"${known.version}"` } },
      body: { contact },
    }),
  );

export const duplicates = (person_id: string) => ({
  ...api.queryOptions("get", `${agent}/persons/{person_id}/duplicates`, { params: { path: { person_id } } }),
  refetchOnWindowFocus: false,
  staleTime: 5 * 60_000,
});

const at = (shown: AgentRequest) => ({
  path: { request_id: shown.id },
  header: { "If-Match": `"${shown.version}"` },
});

export const take = (shown: AgentRequest) =>
  told(client.POST(`${agent}/requests/{request_id}/take`, { params: at(shown) }));

export const assign = (shown: AgentRequest, account_id: string) =>
  told(client.POST(`${agent}/requests/{request_id}/assign`, { params: at(shown), body: { account_id } }));

export const accept = (shown: AgentRequest, message: string | null) =>
  told(client.POST(`${agent}/requests/{request_id}/accept`, { params: at(shown), body: { message } }));

export const refuse = (shown: AgentRequest, body: RefuseIn) =>
  told(client.POST(`${agent}/requests/{request_id}/refuse`, { params: at(shown), body }));

export const redirect = (shown: AgentRequest, body: RedirectIn) =>
  told(client.POST(`${agent}/requests/{request_id}/redirect`, { params: at(shown), body }));

export const ask = (shown: AgentRequest, body: AskIn) =>
  told(client.POST(`${agent}/requests/{request_id}/ask`, { params: at(shown), body }));

export const answer = (shown: AgentRequest, body: AnswerIn) =>
  told(client.POST(`${agent}/requests/{request_id}/answer`, { params: at(shown), body }));

export const reject = (shown: AgentRequest, body: RejectIn) =>
  told(client.POST(`${agent}/requests/{request_id}/reject`, { params: at(shown), body }));

export const qualify = (shown: AgentRequest) =>
  told(client.POST(`${agent}/requests/{request_id}/qualify`, { params: at(shown) }));

export const makeOrdinary = (shown: AgentRequest, message: string) =>
  told(
    client.POST(`${agent}/requests/{request_id}/make-ordinary`, { params: at(shown), body: { message: message || null } }),
  );

export const takeOn = (shown: AgentRequest) =>
  told(client.POST(`${agent}/requests/{request_id}/take-on`, { params: at(shown) }));

export const end = (shown: AgentRequest) =>
  told(client.POST(`${agent}/requests/{request_id}/end`, { params: at(shown) }));

export const reopen = (shown: AgentRequest, message: string) =>
  told(client.POST(`${agent}/requests/{request_id}/reopen`, { params: at(shown), body: { message } }));

/** The request was entered in error: kept, and counted nowhere. */
export const voidRequest = (shown: AgentRequest, message: string) =>
  told(client.POST(`${agent}/requests/{request_id}/void`, { params: at(shown), body: { message } }));

export const postMessage = (request_id: string, text: string, expects_answer: boolean) =>
  told(
    client.POST(`${agent}/requests/{request_id}/messages`, {
      params: { path: { request_id } },
      body: { text, expects_answer },
    }),
  );

export const letters = (request_id: string) =>
  api.queryOptions("get", `${agent}/requests/{request_id}/letters`, { params: { path: { request_id } } });

export const makeLetter = (request_id: string, body: Schemas["LetterIn"]) =>
  told(client.POST(`${agent}/requests/{request_id}/letters`, { params: { path: { request_id } }, body }));

export const markRead = (request_id: string) =>
  told(client.POST(`${agent}/requests/{request_id}/read`, { params: { path: { request_id } } }));

export const openPerson = (person_id: string, reason: string) =>
  told(client.POST(`${agent}/persons/{person_id}/open`, { params: { path: { person_id } }, body: { reason } }));

export const revealNumber = (person_id: string, reason: string) =>
  told(client.POST(`${agent}/persons/{person_id}/nir/reveal`, { params: { path: { person_id } }, body: { reason } }));

export const notSame = (person_id: string, other_id: string, reason: string) =>
  told(
    client.POST(`${agent}/persons/{person_id}/duplicates/{other_id}/not-same`, {
      params: { path: { person_id, other_id } },
      body: { reason },
    }),
  );

/** The request and every list that shows it; not the person, whose reading is counted. */
export async function refreshRequests(queryClient: QueryClient): Promise<void> {
  const lists = [requests, `${agent}/my-day`, `${agent}/queues`];
  await queryClient.invalidateQueries({
    predicate: ({ queryKey: [, path] }) => typeof path === "string" && lists.some((one) => path.startsWith(one)),
  });
}

export async function refreshPerson(queryClient: QueryClient): Promise<void> {
  await queryClient.invalidateQueries({
    predicate: ({ queryKey: [, path] }) => typeof path === "string" && path.startsWith(`${agent}/persons`),
  });
}
