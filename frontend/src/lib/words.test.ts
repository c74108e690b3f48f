import { expect, test } from "vitest";

import { medicalWords } from "./medical-words";
import { formatPhone, fullName, shortName } from "./names";

test("medical words are found whatever accents and case, and given back as written", () => {
  expect(medicalWords("Suivie pour un CANCER et une dépression.")).toEqual(["CANCER", "dépression"]);
});

test("ordinary words that begin alike are left alone", () => {
  expect(medicalWords("Elle avance ses frais, divorcée, loge à Sidaillan")).toEqual(["Sidaillan"]);
  expect(medicalWords("Pas de médecin traitant")).toEqual([]);
});

test("names, initials and phones are written the French way", () => {
  expect(fullName({ first_names: "Marie-Ange", last_name: "Lopez" })).toBe("Marie-Ange LOPEZ");
  expect(shortName({ first_name: "Camille", last_name: "roux" })).toBe("Camille R.");
  expect(formatPhone("+33612345612")).toBe("06\u00a012\u00a034\u00a056\u00a012");
});
