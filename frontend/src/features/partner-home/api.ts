import { api, type Schemas } from "../../api/client";

export type Home = Schemas["Home"];
export type RequestRow = Schemas["PartnerRequestRow"];

export const home = () => api.queryOptions("get", "/api/v1/referrals/partner/home");

/** Whether the caisse lets partners book: the answer of the home opens then, and only then. */
export const offers = () => ({
  ...api.queryOptions("get", "/api/v1/accompaniments/partner/offers"),
  staleTime: 60_000,
  retry: false,
});
