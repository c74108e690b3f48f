import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import codes from "./fr/codes.json";

const source = readFileSync(new URL("../api/schema.ts", import.meta.url), "utf8");

const snake = (name: string) => name.replace(/^[A-Z]/, (letter) => letter.toLowerCase()).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

// Closed lists of their own. What is written inside a shape (positions of sign-in, audiences) is shown by no screen.
const lists = [...source.matchAll(/\["schemas"\]\["(\w+)"\]> = (\[.*\]);/g)].map(
  ([, name, values]) => [snake(name!), JSON.parse(values!) as string[]] as const,
);

test("the contracts have closed lists", () => expect(lists.length).toBeGreaterThan(30));

test.each(lists)("every code of %s has a French label", (name, values) => {
  const labels = (codes as Record<string, Record<string, string>>)[name] ?? {};
  expect(values.filter((code) => !labels[code])).toEqual([]);
});
