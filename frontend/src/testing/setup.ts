import "@testing-library/jest-dom/vitest";
import "../i18n";

import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach, beforeAll } from "vitest";

import { loadCatalogue } from "../i18n";
import { server } from "./server";

configure({ asyncUtilTimeout: 10_000 });

// What Mantine asks of a browser and jsdom does not have.
window.matchMedia = (query: string) =>
  ({
    matches: false,
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }) as unknown as MediaQueryList;
window.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
Object.defineProperty(document, "fonts", {
  value: { addEventListener: () => undefined, removeEventListener: () => undefined },
});
window.scrollTo = () => undefined;
Element.prototype.scrollIntoView = () => undefined;

beforeAll(async () => {
  server.listen({ onUnhandledRequest: "error" });
  const names = Object.keys(import.meta.glob("../i18n/fr/*.json")).map((path) => path.replace(/^.*\/|\.json$/g, ""));
  await loadCatalogue(...names.filter((name) => name !== "common" && name !== "codes"));
});

afterEach(async () => {
  cleanup();
  // A form that is left sends what it holds: let it go before its answers are taken away.
  await new Promise((resolve) => setTimeout(resolve, 20));
  server.resetHandlers();
});

afterAll(() => server.close());
