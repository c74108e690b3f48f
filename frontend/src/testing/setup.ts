import "@testing-library/jest-dom/vitest";
import "../i18n";

import { cleanup } from "@testing-library/react";
import { afterAll, afterEach, beforeAll } from "vitest";

import { loadCatalogue } from "../i18n";
import { server } from "./server";

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
window.scrollTo = () => undefined;
Element.prototype.scrollIntoView = () => undefined;

beforeAll(async () => {
  server.listen({ onUnhandledRequest: "error" });
  const names = Object.keys(import.meta.glob("../i18n/fr/*.json")).map((path) => path.replace(/^.*\/|\.json$/g, ""));
  await loadCatalogue(...names.filter((name) => name !== "common" && name !== "codes"));
});

afterEach(() => {
  cleanup();
  server.resetHandlers();
});

afterAll(() => server.close());
