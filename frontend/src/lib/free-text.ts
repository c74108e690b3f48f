/**
 * What a free text holds that it should not: the words and rules of the service (`passages.py`), so that one is told
 * while typing and a number never leaves the browser. The cases of `testing/free-text-cases.json` hold on both sides.
 */
import known from "./free-text.json";

export type What = "number" | "temporary" | "iban" | "medical";
export type Passage = { what: What; start: number; end: number; text: string };

type Found = Omit<Passage, "text">;
type Word = { folded: string; start: number; end: number; capital: boolean };

const civil = "\\d{2}(?:0[1-9]|1[0-2]|[2-9]\\d)(?:0[1-9]|[1-9]\\d|2[AB])(?!000)\\d{3}(?!000)\\d{3}";
const key = "(?:0[1-9]|[1-8]\\d|9[0-7])";
const bare = new RegExp(`^[12]${civil}$`);
const whole = new RegExp(`^[1-4]${civil}${key}$`);
const provisional = /^(?:[78][012]|[56][12])\d{11}$/;
const provisionalWithKey = new RegExp(`^[78][012]\\d{11}${key}$`);
const inText = (first: string, more: number) =>
  new RegExp(`(?<![0-9A-Za-z])(?=([${first}](?:[ .\\-/_]{0,3}[0-9ABab]){${more}})(?![0-9A-Za-z]))`, "g");

const links = new Set(known.links);
const titles = new Set(known.titles);
const ways = new Set(known.ways);
const wholeWords = new Set(known.words);
const phrases = known.phrases.map((phrase) => phrase.split(" "));
const butBefore = new Map(Object.entries(known.but_before).map(([entry, after]) => [entry, after.map((one) => one.split(" "))]));
const lengths = new Map<string, number>(Object.entries(known.iban_lengths));

/** Everything in a text that has no place there, in its order. */
export function passagesOf(text: string): Passage[] {
  const found = [...numbers(text), ...accounts(text), ...medical(text)];
  return found
    .sort((one, other) => one.start - other.start || one.end - other.end)
    .map((one) => ({ ...one, text: text.slice(one.start, one.end) }));
}

/** The text without a passage, and without the space it leaves. */
export function without(text: string, passage: Found): string {
  return `${text.slice(0, passage.start)}${text.slice(passage.end)}`.replace(/[ \t]{2,}/g, " ").trim();
}

/** The NIR or NIA of a passage without its separators; null when its key is missing. */
export function wholeNumber(passage: Passage): string | null {
  const number = compact(passage.text);
  return passage.what === "number" && number.length === 15 ? number : null;
}

const compact = (typed: string) => typed.normalize("NFKC").replace(/[\s.\-/_]/g, "").toUpperCase();

function keyHolds(number: string): boolean {
  // Corsica: 2A and 2B count as 19 and 18 in the division.
  const digits = number.slice(0, 13).replace("2A", "19").replace("2B", "18");
  return 97 - (Number(digits) % 97) === Number(number.slice(13));
}

function kindOf(number: string): What | null {
  if (number.length === 13) return bare.test(number) ? "number" : provisional.test(number) ? "temporary" : null;
  if (!keyHolds(number)) return null;
  return whole.test(number) ? "number" : provisionalWithKey.test(number) ? "temporary" : null;
}

function numbers(text: string): Found[] {
  const plain = [...Array(text.length).keys()].map((at) => plainOf(text.charAt(at))).join("");
  const found = [inText("1-478", 14), inText("125-8", 12)].flatMap((pattern) =>
    [...plain.matchAll(pattern)].flatMap((match) => {
      const what = kindOf(compact(match[1]!));
      return what ? [{ what, start: match.index, end: match.index + match[1]!.length }] : [];
    }),
  );
  found.sort((one, other) => one.start - other.start || other.end - one.end);
  return found.filter((one, index) => !found.slice(0, index).some((before) => one.start < before.end));
}

// Character by character, so that places in the text stay places in the text.
function plainOf(character: string): string {
  const plain = character.normalize("NFKC");
  return plain.length === 1 ? plain : character;
}

function accounts(text: string): Found[] {
  return [...text.matchAll(/(?<![0-9A-Za-z])(?=([A-Za-z]{2})\d{2})/g)].flatMap((match) => {
    const length = lengths.get(match[1]!.toUpperCase());
    if (!length) return [];
    const { end, typed } = take(text, match.index, length);
    const cut = /[\p{L}\p{N}]/u.test(text.charAt(end));
    return typed.length === length && !cut && rest(typed) === 1 ? [{ what: "iban", start: match.index, end }] : [];
  });
}

function take(text: string, start: number, length: number): { end: number; typed: string } {
  let typed = "";
  let gap = 0;
  let end = start;
  for (; end < text.length && typed.length < length && gap <= 1; end += 1) {
    const character = text.charAt(end);
    if (/[0-9A-Za-z]/.test(character)) {
      typed += character.toUpperCase();
      gap = 0;
    } else if (" .-".includes(character.normalize("NFKC"))) gap += 1;
    else break;
  }
  return { end, typed };
}

const rest = (account: string) =>
  [...(account.slice(4) + account.slice(0, 4))]
    .map((character) => String(parseInt(character, 36)))
    .join("")
    .split("")
    .reduce((remainder, digit) => (remainder * 10 + Number(digit)) % 97, 0);

const fold = (word: string) =>
  word.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae");

function medical(text: string): Found[] {
  const words = [...text.matchAll(/[\p{L}\p{N}]+/gu)].map((match) => ({
    folded: fold(match[0]),
    start: match.index,
    end: match.index + match[0].length,
    capital: /^\p{Lu}/u.test(match[0]),
  }));
  const found: Found[] = [];
  for (let at = 0; at < words.length; ) {
    const [entry, length] = entryAt(words, at);
    if (length > 0 && !meansElse(words, at, at + length, entry))
      found.push({ what: "medical", start: words[at]!.start, end: words[at + length - 1]!.end });
    at += length || 1;
  }
  return found;
}

const follows = (words: Word[], at: number, wanted: string[]) => wanted.every((word, step) => words[at + step]?.folded === word);

function entryAt(words: Word[], at: number): [string, number] {
  const phrase = phrases.find((wanted) => follows(words, at, wanted));
  if (phrase) return [phrase.join(" "), phrase.length];
  const { folded } = words[at]!;
  const singular = folded.replace(/s$/, "");
  if (wholeWords.has(folded)) return [wholeWords.has(singular) ? singular : folded, 1];
  const beginning = known.beginnings.find((begins) => folded.startsWith(begins));
  return beginning ? [beginning, 1] : ["", 0];
}

/** A street, somebody's name, a decision of a court: the word means something else here. */
function meansElse(words: Word[], start: number, end: number, entry: string): boolean {
  if (butBefore.get(entry)?.some((after) => follows(words, end, after))) return true;
  let before = start - 1;
  while (before >= 0 && links.has(words[before]!.folded)) before -= 1;
  if (before >= 0 && ways.has(words[before]!.folded)) return true;
  return words[start]!.capital && isNamed(words.slice(Math.max(0, start - 3), start));
}

function isNamed(before: Word[]): boolean {
  for (const word of before.reverse()) {
    if (titles.has(word.folded)) return true;
    if (!word.capital || links.has(word.folded)) return false;
  }
  return false;
}
