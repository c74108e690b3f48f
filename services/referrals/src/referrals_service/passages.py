"""What a free text holds that it should not: numbers of persons, bank accounts, words of a medical file. Pure.

The words are data (`data/free_text.json`), which the browser application keeps a copy of: what it points at while
one types is what the service would point at. ESP-14.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

from referrals_service.persons import identifiers
from referrals_service.persons.identifiers import CIVIL_KINDS
from referrals_service.texts import fold

MASK: Final = "[numéro masqué]"
"""What stands in a text where a number was, when somebody in danger could not wait for it to be retyped."""

_WORD: Final = re.compile(r"[^\W_]+")
_ACCOUNT: Final = re.compile(r"(?<![0-9A-Za-z])(?=[A-Za-z]{2}\d{2})", re.ASCII)
_SEPARATORS: Final = " .-"
_NAMES_BEFORE: Final = 3


class What(StrEnum):
    """What a passage is."""

    NUMBER = "number"
    """A NIR or NIA: refused in a text, it has a field of its own."""
    TEMPORARY = "temporary"
    """A number given by a caisse for a time: pointed at."""
    IBAN = "iban"
    MEDICAL = "medical"


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a text, by its place in characters."""

    what: What
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words, folded: whole, by their beginning, several together, and where they mean something else."""

    words: frozenset[str]
    beginnings: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]
    but_before: Mapping[str, tuple[tuple[str, ...], ...]]
    ways: frozenset[str]
    titles: frozenset[str]
    links: frozenset[str]
    iban_lengths: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Word:
    folded: str
    start: int
    end: int
    capital: bool


@cache
def vocabulary() -> Vocabulary:
    """Return the words and lengths that the service ships."""
    given = json.loads((files("referrals_service") / "data/free_text.json").read_text(encoding="utf-8"))
    return Vocabulary(
        words=frozenset(given["words"]),
        beginnings=tuple(given["beginnings"]),
        phrases=tuple(tuple(phrase.split()) for phrase in given["phrases"]),
        but_before={key: tuple(tuple(p.split()) for p in after) for key, after in given["but_before"].items()},
        ways=frozenset(given["ways"]),
        titles=frozenset(given["titles"]),
        links=frozenset(given["links"]),
        iban_lengths=given["iban_lengths"],
    )


def found_in(text: str) -> list[Passage]:
    """Return everything in a text that has no place there, in its order."""
    return sorted([*_numbers(text), *_accounts(text), *_medical(text)], key=lambda one: (one.start, one.end))


def masked(text: str) -> str:
    """Return a text with every number of a person replaced by `MASK`; a text without is returned as it is."""
    written, at = [], 0
    for passage in _numbers(text):
        written += [text[at : passage.start], MASK]
        at = passage.end
    return "".join([*written, text[at:]])


def _numbers(text: str) -> Iterator[Passage]:
    for found in identifiers.found_in(text):
        yield Passage(What.NUMBER if found.kind in CIVIL_KINDS else What.TEMPORARY, found.start, found.end)


def _accounts(text: str) -> Iterator[Passage]:
    lengths = vocabulary().iban_lengths
    for start in _ACCOUNT.finditer(text):
        length = lengths.get(text[start.start() : start.start() + 2].upper())
        if length is None:
            continue
        end, typed = _take(text, start.start(), length)
        if len(typed) == length and not text[end : end + 1].isalnum() and _rest(typed) == 1:
            yield Passage(What.IBAN, start.start(), end)


def _take(text: str, start: int, length: int) -> tuple[int, str]:
    typed, at, gap = "", start, 0
    while at < len(text) and len(typed) < length and gap <= 1:
        character = text[at]
        if character.isascii() and character.isalnum():
            typed, gap = typed + character.upper(), 0
        elif unicodedata.normalize("NFKC", character) in _SEPARATORS:
            gap += 1
        else:
            break
        at += 1
    return at, typed


def _rest(account: str) -> int:
    return int("".join(str(int(c, 36)) for c in account[4:] + account[:4])) % 97


def _medical(text: str) -> Iterator[Passage]:
    words = [_Word(fold(match[0]), match.start(), match.end(), match[0][0].isupper()) for match in _WORD.finditer(text)]
    at = 0
    while at < len(words):
        entry, length = _entry(words, at)
        if length and not _apart(words, at, at + length, entry):
            yield Passage(What.MEDICAL, words[at].start, words[at + length - 1].end)
        at += length or 1


def _entry(words: Sequence[_Word], at: int) -> tuple[str, int]:
    """Return the entry that begins at a word and how many words it takes; nothing and 0 without."""
    known = vocabulary()
    for phrase in known.phrases:
        if tuple(word.folded for word in words[at : at + len(phrase)]) == phrase:
            return " ".join(phrase), len(phrase)
    folded = words[at].folded
    if folded in known.words:
        return folded.removesuffix("s") if folded.removesuffix("s") in known.words else folded, 1
    return next(((begins, 1) for begins in known.beginnings if folded.startswith(begins)), ("", 0))


def _apart(words: Sequence[_Word], start: int, end: int, entry: str) -> bool:
    """Tell whether the words mean something else here: a street, somebody's name, a decision of a court."""
    known = vocabulary()
    for after in known.but_before.get(entry, ()):
        if tuple(word.folded for word in words[end : end + len(after)]) == after:
            return True
    before = start - 1
    while before >= 0 and words[before].folded in known.links:
        before -= 1
    if before >= 0 and words[before].folded in known.ways:
        return True
    return words[start].capital and _named(words, start)


def _named(words: Sequence[_Word], at: int) -> bool:
    known = vocabulary()
    for word in reversed(words[max(0, at - _NAMES_BEFORE) : at]):
        if word.folded in known.titles:
            return True
        if not word.capital or word.folded in known.links:
            return False
    return False
