import { expect, test } from "vitest";

import * as schema from "../api/schema";
import codes from "./fr/codes.json";

/** What is written inside a shape rather than as a list of its own: audiences, steps of sign-in. No screen shows it. */
const silent = new Set([
  "active_role_audience",
  "application_out_state",
  "assignment_out_audience",
  "directory_entry_kind",
  "factor_out_kind",
  "partner_invitation_in_role",
  "partner_role_in_role",
  "session_out_factor",
  "session_view_factors",
  "session_view_state",
]);

const snake = (name: string) => name.replace(/Values$/, "").replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const lists = Object.entries(schema as unknown as Record<string, readonly string[]>)
  .map(([name, values]) => [snake(name), values] as const)
  .filter(([name]) => !silent.has(name) && !name.startsWith("paths_"));

test("the contracts have closed lists", () => expect(lists.length).toBeGreaterThan(15));

test.each(lists)("every code of %s has a French label", (name, values) => {
  const labels = (codes as Record<string, Record<string, string>>)[name] ?? {};
  expect(values.filter((code) => !labels[code])).toEqual([]);
});
