import type { QueryClient } from "@tanstack/react-query";

import { api, client, type Schemas } from "../../api/client";
import { told } from "../../api/identity";

const agent = "/api/v1/referrals/agent";

export type Campaign = Schemas["Campaign"];
export type CampaignIn = Schemas["CampaignIn"];
export type DetectionRow = Schemas["DetectionRow"];
export type Detection = Schemas["DetectionDetail"];
export type CallOutcome = Schemas["CallIn"]["outcome"];
export type Agreed = Schemas["AgreedIn"]["form"];
export type Filters = { state?: Schemas["DetectionState"]; campaign?: string; cursor?: string };

export const campaigns = (cursor?: string) =>
  api.queryOptions("get", `${agent}/campaigns`, { params: { query: { cursor } } });

export const openCampaign = (given: CampaignIn) => told(client.POST(`${agent}/campaigns`, { body: given }));

export const closeCampaign = (campaign: Campaign) =>
  told(
    client.POST(`${agent}/campaigns/{campaign_id}/close`, {
      params: { path: { campaign_id: campaign.id }, header: { "If-Match": `"${campaign.version}"` } },
    }),
  );

export const detections = (filters: Filters) =>
  api.queryOptions("get", `${agent}/detections`, { params: { query: filters } });

export const detection = (detection_id: string) =>
  api.queryOptions("get", `${agent}/detections/{detection_id}`, { params: { path: { detection_id } } });

export const logCall = (shown: Detection, outcome: CallOutcome) =>
  told(
    client.POST(`${agent}/detections/{detection_id}/calls`, {
      params: { path: { detection_id: shown.id }, header: { "If-Match": `"${shown.version}"` } },
      body: { outcome },
    }),
  );

export const agree = (shown: Detection, form: Agreed) =>
  told(
    client.POST(`${agent}/detections/{detection_id}/agree`, {
      params: { path: { detection_id: shown.id }, header: { "If-Match": `"${shown.version}"` } },
      body: { form },
    }),
  );

export async function refreshDetections(queryClient: QueryClient): Promise<void> {
  await queryClient.invalidateQueries({
    predicate: ({ queryKey }) => typeof queryKey[1] === "string" && queryKey[1].startsWith(agent),
  });
}
