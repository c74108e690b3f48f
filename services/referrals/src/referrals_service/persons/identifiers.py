"""The numbers Assurance Maladie knows a person by: shape, key, mask. Pure.

NIR and NIA: sex, year, month, department, commune, rank and a key of two digits over the thirteen. NNP and
MIG: thirteen characters given by a caisse, without key (validator published by the Cnam; the notes of the
domain, section 5). A number never appears in a message, a log or a URL.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from stdnum.fr import nir as civil_repertory

from referrals_service.persons.codes import IdentifierKind, Sex

_SEPARATORS = re.compile(r"[\s.\-_/]+")

# 01-12, or 20-99 when the civil status is incomplete. Departments: 2A and 2B since 1976 (20 before), 97 and
# 98 overseas, 99 abroad. Commune and rank are never 000.
_CIVIL = (
    r"(?P<year>\d{2})(?:0[1-9]|1[0-2]|[2-9]\d)"
    r"(?:0[1-9]|[1-9]\d|2[AB])(?!000)\d{3}(?!000)\d{3}"
)
_KEY = r"(?P<key>0[1-9]|[1-8]\d|9[0-7])"

# Ordinary sex digits are 1 and 2; 3 and 4 are given to people whose registration is under way.
_SHAPES: Final = {
    IdentifierKind.NIR: re.compile(rf"[12]{_CIVIL}{_KEY}", re.ASCII),
    IdentifierKind.NIA: re.compile(rf"[1-4]{_CIVIL}{_KEY}", re.ASCII),
    # The second digit was 0 before 2012.
    IdentifierKind.NNP: re.compile(r"[78][012]\d{3}\d{8}", re.ASCII),
    IdentifierKind.MIG: re.compile(r"[56][12]\d{3}\d{8}", re.ASCII),
}
_LENGTHS: Final = {
    IdentifierKind.NIR: 15,
    IdentifierKind.NIA: 15,
    IdentifierKind.NNP: 13,
    IdentifierKind.MIG: 13,
}
_SEXES: Final = dict(zip("12345678", [Sex.MALE, Sex.FEMALE] * 4, strict=True))

CIVIL_KINDS: Final = frozenset({IdentifierKind.NIR, IdentifierKind.NIA})
"""Kinds to which the decree on the use of the NIR applies: only some structures may collect them."""


class NumberError(ValueError):
    """A number that cannot be right. The message is French and quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Number:
    """A checked number, without separators. Kept out of `repr` so that no trace or log shows it."""

    kind: IdentifierKind
    value: str = field(repr=False)

    @property
    def indexed(self) -> str:
        """Return what two records of one person share: the key adds nothing, and a NIA becomes the NIR."""
        return self.value[:13]

    @property
    def sex(self) -> Sex:
        """Return the sex that the first digit says."""
        return _SEXES[self.value[0]]

    @property
    def spaced(self) -> str:
        """Return the number as people read it aloud: `1 85 05 78 006 084 91`."""
        return _spaced(self.value)

    @property
    def masked(self) -> str:
        """Return what an agent sees by default: `1 85 ** ** *** *** **`, or the first two digits."""
        shown = 3 if self.kind in CIVIL_KINDS else 2
        return _spaced(self.value[:shown] + "*" * (len(self.value) - shown))


def _spaced(value: str) -> str:
    cuts = (1, 3, 5, 7, 10, 13, 15) if len(value) == 15 else (1, 2, 5, 13)
    return " ".join(value[start:end] for start, end in zip((0, *cuts), cuts, strict=False))


def compact(typed: str) -> str:
    """Return what was typed without separators, in capitals, with ordinary digits."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed)).upper()


def parse(kind: IdentifierKind, typed: str) -> Number:
    """Check a number of `kind`, however it was spaced.

    Raises `NumberError` with what to correct: the length, the shape, or the key.
    """
    value = compact(typed)
    length = _LENGTHS[kind]
    if len(value) != length:
        raise NumberError(f"Ce numéro compte {length} caractères{', clé comprise' if length == 15 else ''}.")
    if _SHAPES[kind].fullmatch(value) is None:
        raise NumberError("Ce numéro n'a pas la forme attendue : vérifiez le type et les chiffres.")
    if kind in CIVIL_KINDS and civil_repertory.calc_check_digits(value[:13]) != value[13:]:
        raise NumberError("La clé ne correspond pas au numéro : vérifiez chaque chiffre.")
    return Number(kind, value)


def guess(typed: str) -> Number | None:
    """Recognise a number typed in a search box, whatever its kind; None when it is none."""
    for kind in (IdentifierKind.NIR, IdentifierKind.NIA, IdentifierKind.NNP, IdentifierKind.MIG):
        try:
            return parse(kind, typed)
        except NumberError:
            continue
    return None


# A number in a text may be spaced, dotted, cut by strokes; it never runs into a word or another number.
_IN_TEXT: Final = r"(?<![0-9A-Za-z])(?=([{first}](?:[ .\-/_]{{0,3}}[0-9ABab]){{{more}}})(?![0-9A-Za-z]))"
_WITH_KEY: Final = re.compile(_IN_TEXT.format(first="1-478", more=14), re.ASCII)
_WITHOUT_KEY: Final = re.compile(_IN_TEXT.format(first="125-8", more=12), re.ASCII)
_BARE: Final = re.compile(rf"[12]{_CIVIL}", re.ASCII)
_PROVISIONAL_WITH_KEY: Final = re.compile(rf"[78][012]\d{{11}}{_KEY}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Found:
    """A number found in a text, by its place; `whole` when its key is there and right."""

    start: int
    end: int
    kind: IdentifierKind
    whole: bool


def found_in(text: str) -> list[Found]:
    """Return the numbers that a free text holds, however they were spaced, in their order, none within another.

    With a key, only a right one is a number. Without, thirteen characters of the shape of a NIR, a NNP or a MIG;
    not of a NIA, whose shape is that of a bar code.
    """
    plain = "".join(_plain(c) for c in text)
    found = [
        Found(match.start(1), match.end(1), kind, whole)
        for pattern, whole in ((_WITH_KEY, True), (_WITHOUT_KEY, False))
        for match in pattern.finditer(plain)
        if (kind := _kind_in_text(compact(match[1]), with_key=whole)) is not None
    ]
    apart: list[Found] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not apart or one.start >= apart[-1].end:
            apart.append(one)
    return apart


def _kind_in_text(value: str, *, with_key: bool) -> IdentifierKind | None:
    if not with_key:
        if _BARE.fullmatch(value) is not None:
            return IdentifierKind.NIR
        guessed = guess(value)
        return None if guessed is None else guessed.kind
    if _PROVISIONAL_WITH_KEY.fullmatch(value) is not None:
        return IdentifierKind.NNP if civil_repertory.calc_check_digits(value[:13]) == value[13:] else None
    guessed = guess(value)
    return None if guessed is None else guessed.kind


def _plain(character: str) -> str:
    # Character by character, so that places in the text stay places in the text.
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character


def appears_in(text: str) -> bool:
    """Tell whether a free text holds a NIR or NIA, with its right key or without key."""
    return any(found.kind in CIVIL_KINDS for found in found_in(text))
