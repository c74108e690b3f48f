import type { ComponentType } from "react";
import type { NonIndexRouteObject } from "react-router";

import { loadCatalogue } from "../i18n";

/** A route whose code and catalogues arrive together, when it is visited. */
export function page(
  path: string | undefined,
  load: () => Promise<{ default: ComponentType }>,
  ...catalogues: string[]
): NonIndexRouteObject {
  return {
    path,
    lazy: async () => {
      const [module] = await Promise.all([load(), loadCatalogue(...catalogues)]);
      return { Component: module.default };
    },
  };
}
