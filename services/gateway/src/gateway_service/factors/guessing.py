"""How hard a password is to guess, by what it is made of. No composition rule: only what is left counts.

A password is cut into the cheapest pieces: words of the shipped list of common passwords, what it repeats,
keyboard and alphabet runs, digits, and words an attacker knows about the account (the product, the address,
the caisse). Everything else counts as chance.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Final

_LETTER: Final = 4
_SIGN: Final = 2
_DIGIT: Final = 2
_COMMON_WORD: Final = 12
_RUN: Final = 4
_KNOWN_WORD: Final = 1
ENOUGH: Final = 32
"""What eight letters drawn at random weigh, or three common words; a quarter of a point is about 1 bit."""

_LONGEST_WORD: Final = 24
_SHORTEST_PIECE: Final = 3
_SHORTEST_RUN: Final = 4
_LOOKALIKES: Final = str.maketrans("0134578@$!€", "oieastbasie")
_ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
    "1a2z3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "&e\"'(-e_ca)=",
)
_RUNS: Final = "\n".join([*_ROWS, *(row[::-1] for row in _ROWS)])


@cache
def common_passwords() -> frozenset[str]:
    """Return the shipped list, lower case; its file names its source."""
    listed = resources.files("gateway_service").joinpath("data/common_passwords.txt").read_text("utf-8")
    return frozenset(line for line in listed.splitlines() if not line.startswith("# "))


def guessable(password: str, known_words: Iterable[str] = ()) -> bool:
    """Tell whether too little is left to chance once the predictable is taken out."""
    known = frozenset(_folded(word) for word in known_words if len(word) >= 3)
    plain = _folded(password)
    return min(_weight(text, known) for text in {plain, plain.translate(_LOOKALIKES)}) < ENOUGH


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _weight(text: str, known: frozenset[str]) -> int:
    """Return the weight of the cheapest way to cut `text` into pieces."""
    common = common_passwords()
    lightest = [0] * (len(text) + 1)
    for end in range(1, len(text) + 1):
        lightest[end] = lightest[end - 1] + _weight_of_one(text[end - 1])
        for start in range(max(0, end - _LONGEST_WORD), end - _SHORTEST_PIECE + 1):
            piece = text[start:end]
            if piece in known:
                weight = _KNOWN_WORD
            elif len(piece) >= _SHORTEST_RUN and (_is_run(piece) or piece in text[:start]):
                weight = _RUN
            elif piece in common:
                weight = _COMMON_WORD
            else:
                continue
            lightest[end] = min(lightest[end], lightest[start] + weight)
    return lightest[-1]


def _weight_of_one(character: str) -> int:
    if character.isdigit():
        return _DIGIT
    return _LETTER if character.isalpha() else _SIGN


def _is_run(piece: str) -> bool:
    return piece in _RUNS or len(set(piece)) == 1
