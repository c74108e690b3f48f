import { expect, test } from "vitest";

import cases from "../testing/free-text-cases.json";
import { passagesOf, wholeNumber, without } from "./free-text";

test.each(cases.found as [string, [string, string][]][])("ESP-14: what has no place in « %s » is found", (text, passages) => {
  expect(passagesOf(text).map(({ what, text: found }) => [what, found])).toEqual(passages);
});

test.each(cases.left_alone)("ESP-14: « %s » is left alone", (text) => {
  expect(passagesOf(text)).toEqual([]);
});

test("a passage is taken out, and a number with its key is one to move", () => {
  const text = "n° 2 55 08 14 168 025 38, à rappeler";
  const [number] = passagesOf(text);
  expect(without(text, number!)).toBe("n° , à rappeler");
  expect(wholeNumber(number!)).toBe("255081416802538");
  expect(wholeNumber(passagesOf("2 55 08 14 168 025")[0]!)).toBeNull();
});
