import { api, type Schemas } from "../../api/client";

export type StructureRow = Schemas["StructureItem"];
export type Filters = {
  q?: string;
  state?: Schemas["StructureState"];
  kind?: Schemas["StructureKind"];
  cursor?: string;
};

export const structures = (filters: Filters) =>
  api.queryOptions("get", "/api/v1/partners/agent/structures", { params: { query: filters } });
