import { expect, test } from "vitest";

import { addDays, formatWeekday, mondayOf, zoned } from "./zoned";

test("an instant is told by the clock of the caisse", () => {
  const paris = zoned("Europe/Paris");
  expect(paris.timeOf("2026-03-25T08:00:00Z")).toBe("9\u00a0h");
  expect(paris.timeOf("2026-03-30T08:05:00Z")).toBe("10\u00a0h\u00a005");
  const reunion = zoned("Indian/Reunion");
  expect(reunion.timeOf("2026-03-25T20:30:00Z")).toBe("0\u00a0h\u00a030");
  expect(reunion.dayOf("2026-03-25T20:30:00Z")).toBe("2026-03-26");
  expect(paris.hourOf("2026-03-30T07:05:00Z")).toBe("09:05");
  expect(paris.minutesOf("2026-10-25T00:30:00Z")).toBe(150);
  expect(paris.instantOf("2026-03-30", "09:00")).toBe("2026-03-30T07:00:00.000Z");
  expect(paris.instantOf("2026-03-27", "09:00")).toBe("2026-03-27T08:00:00.000Z");
  expect(reunion.instantOf("2026-03-26", "00:30")).toBe("2026-03-25T20:30:00.000Z");
});

test("weeks begin on Monday and days follow one another over a change of clocks", () => {
  expect(mondayOf("2026-03-29")).toBe("2026-03-23");
  expect(mondayOf("2026-03-23")).toBe("2026-03-23");
  expect(addDays("2026-03-28", 2)).toBe("2026-03-30");
  expect(formatWeekday("2026-04-01")).toBe("mercredi 1er avril");
});
