import { api, type Schemas } from "../../api/client";

export type AgentRow = Schemas["AgentRequestRow"];
export type Section = Schemas["Section"];

export const myDay = () => api.queryOptions("get", "/api/v1/referrals/agent/my-day");
