/** Words that betray a medical detail in a free text. Only a warning: the person who writes decides. */
const stems = [
  "cancer", "tumeur", "chimio", "radiotherap", "vih", "sida", "seropositi", "hepatit", "diabet", "depressi",
  "bipolaire", "schizo", "psychiatr", "psychos", "addict", "alcooli", "toxicoman", "suicid", "epilep",
  "sclerose", "parkinson", "alzheimer", "insuffisance renale", "insuffisance cardiaque", "avc", "infarctus",
  "fausse couche", "avortement", "ivg", "diagnosti", "pathologi", "traitement par", "sous traitement",
  "methadone", "subutex", "antidepress", "insulin",
];

const fold = (text: string) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();

/** The words of `text`, as written, that look medical; empty when there is none. */
export function medicalWords(text: string): string[] {
  const found = new Set<string>();
  const words = text.split(/([^\p{L}'’-]+)/u);
  const folded = words.map(fold);
  for (const stem of stems) {
    const parts = stem.split(" ");
    folded.forEach((word, index) => {
      const here = parts.every((part, step) => folded[index + 2 * step]?.startsWith(part));
      // Short stems are whole words: "ivg" must not match "ivgette", "avc" must not match "avcxyz".
      const whole = stem.length > 3 || word === stem;
      if (here && whole) found.add(words.slice(index, index + 2 * parts.length - 1).join(""));
    });
  }
  return [...found];
}
