import { expect, test } from "vitest";

import { formatPhone, fullName, shortName } from "./names";

test("names, initials and phones are written the French way", () => {
  expect(fullName({ first_names: "Marie-Ange", last_name: "Lopez" })).toBe("Marie-Ange LOPEZ");
  expect(shortName({ first_name: "Camille", last_name: "roux" })).toBe("Camille R.");
  expect(formatPhone("+33612345612")).toBe("06\u00a012\u00a034\u00a056\u00a012");
});
