import { api, type Schemas } from "../../api/client";

export type RequestRow = Schemas["PartnerRequestRow"];
export type Filters = {
  state?: Schemas["CoarseState"];
  turn?: Schemas["Turn"];
  q?: string;
  cursor?: string;
};

export const requests = (filters: Filters) =>
  api.queryOptions("get", "/api/v1/referrals/partner/requests", { params: { query: filters } });
