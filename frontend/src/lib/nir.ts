/** French social security number (NIR): 13 characters and a two-digit key, 97 minus the rest of the division by 97. */

export type NirCheck = "ok" | "incomplete" | "key_missing" | "shape" | "key";

export function normaliseNir(typed: string): string {
  return typed.replace(/[\s.-]/g, "").toUpperCase();
}

export function checkNir(typed: string): NirCheck {
  const nir = normaliseNir(typed);
  if (!/^[0-9AB]*$/.test(nir)) return "shape";
  if (nir.length < 13) return "incomplete";
  if (!/^[1-478]\d{4}(?:\d{2}|2[AB])\d{6}(?:\d{0,2})$/.test(nir)) return "shape";
  if (nir.length < 15) return "key_missing";
  // Corsica: 2A and 2B count as 19 and 18 in the division.
  const digits = nir.slice(0, 13).replace("2A", "19").replace("2B", "18");
  return 97 - (Number(digits) % 97) === Number(nir.slice(13)) ? "ok" : "key";
}

/** `1 89 05 31 555 123 45` as it is printed on the card. */
export function formatNir(typed: string): string {
  const nir = normaliseNir(typed);
  return [nir.slice(0, 1), nir.slice(1, 3), nir.slice(3, 5), nir.slice(5, 7), nir.slice(7, 10), nir.slice(10, 13), nir.slice(13, 15)]
    .filter(Boolean)
    .join(" ");
}
