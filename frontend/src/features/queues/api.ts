import type { QueryClient } from "@tanstack/react-query";

import { api, client, type Schemas } from "../../api/client";
import { told } from "../../api/identity";

const agent = "/api/v1/referrals/agent";

export type AgentRow = Schemas["AgentRequestRow"];
export type Filters = {
  state?: Schemas["RequestState"];
  assigned?: Schemas["Assigned"];
  due?: Schemas["Due"];
  q?: string;
  cursor?: string;
};

export const queues = () => api.queryOptions("get", `${agent}/queues`);

export const requests = (filters: Filters) =>
  api.queryOptions("get", `${agent}/requests`, { params: { query: filters } });

export const takeSeveral = (ids: string[]) => told(client.POST(`${agent}/requests/take`, { body: { ids } }));

export const makeReceipts = (items: Schemas["BatchIn"]["items"]) =>
  told(client.POST(`${agent}/letter-batches`, { body: { items } }));

export async function refreshQueues(queryClient: QueryClient): Promise<void> {
  await queryClient.invalidateQueries({
    predicate: ({ queryKey }) => typeof queryKey[1] === "string" && queryKey[1].startsWith(agent),
  });
}
