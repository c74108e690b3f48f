import { expect, test } from "vitest";

import { checkNir, formatNir } from "./nir";

/** Numbers made for the test: the key is computed from the thirteen characters. */
const withKey = (thirteen: string) => {
  const digits = thirteen.replace("2A", "19").replace("2B", "18");
  return thirteen + String(97 - (Number(digits) % 97)).padStart(2, "0");
};

const sofia = withKey("2890431555123");
const corsican = withKey("189042A555123");

test("a number whose key holds is accepted, spaces or not, Corsica included", () => {
  expect(checkNir(sofia)).toBe("ok");
  expect(checkNir(formatNir(sofia))).toBe("ok");
  expect(checkNir(corsican)).toBe("ok");
});

test("one wrong digit is found by the key", () => {
  expect(checkNir(sofia.replace("555", "556"))).toBe("key");
});

test("what is missing is told apart", () => {
  expect(checkNir(sofia.slice(0, 7))).toBe("incomplete");
  expect(checkNir(sofia.slice(0, 13))).toBe("key_missing");
  expect(checkNir("9".repeat(15))).toBe("shape");
});
