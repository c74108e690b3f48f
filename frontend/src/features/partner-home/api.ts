import { api, type Schemas } from "../../api/client";

export type Home = Schemas["Home"];
export type RequestRow = Schemas["PartnerRequestRow"];

export const home = () => api.queryOptions("get", "/api/v1/referrals/partner/home");
