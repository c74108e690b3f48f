import createFetchClient from "openapi-fetch";
import createClient from "openapi-react-query";

import type { components, paths } from "./schema";
import { transport } from "./transport";

export const client = createFetchClient<paths>({
  baseUrl: typeof window === "undefined" ? "" : window.location.origin,
  fetch: transport,
  // Ids are repeated (`ids=a&ids=b`), as FastAPI reads them.
  querySerializer: { array: { style: "form", explode: true } },
});

/** Query options and mutations typed by the contracts. */
export const api = createClient(client);

export type Schemas = components["schemas"];
