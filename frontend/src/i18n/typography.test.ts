import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = new URL("fr/", import.meta.url);

test.each(readdirSync(folder))("%s keeps French punctuation on the line of its word, and uses the typographic apostrophe", (file) => {
  const text = readFileSync(new URL(file, folder), "utf8");
  const values = [...text.matchAll(/: "((?:[^"\\]|\\.)*)"/g)].map(([, value]) => value ?? "");
  expect(values.filter((value) => / [?!;:»]/.test(value) || /« /.test(value))).toEqual([]);
  expect(values.filter((value) => /\p{L}'\p{L}/u.test(value))).toEqual([]);
});
