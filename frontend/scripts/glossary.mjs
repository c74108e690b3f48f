/** Writes src/i18n/fr/glossary.json from the domain's glossary (path as argument). French definitions are ours, kept. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const [source] = process.argv.slice(2);
if (!source) throw new Error("usage: node scripts/glossary.mjs <glossary.csv>");
const target = new URL("../src/i18n/fr/glossary.json", import.meta.url);
const kept = existsSync(target) ? JSON.parse(readFileSync(target, "utf8")) : {};

function cells(line) {
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
    .slice(0, 4)
    .map(([, cell]) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}

const glossary = {};
for (const line of readFileSync(source, "utf8").trim().split(/\r?\n/).slice(1)) {
  const [term, expansion] = cells(line);
  const known = kept[term];
  glossary[term] = { expansion: expansion.replaceAll("'", "’"), ...(known?.definition ? { definition: known.definition } : {}) };
}
writeFileSync(target, `${JSON.stringify(glossary, null, 2)}\n`);
