const figure = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 1 });

/** `340 Ko`, `1,2 Mo`: as a key of the catalogue and its number. */
export function sizeOf(bytes: number): { unit: "ko" | "mo"; n: string } {
  if (bytes < 1_048_576) return { unit: "ko", n: figure.format(Math.max(1, Math.round(bytes / 1024))) };
  return { unit: "mo", n: figure.format(bytes / 1_048_576) };
}
