"""Text typed by people: cleaned once at the edge, folded for search, never a place to hide a number."""

import re
import unicodedata
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from referrals_service.persons import identifiers

_SPACES = re.compile(r"\s+")
_NOT_LETTERS = re.compile(r"[\W_]+")
# Letters that NFKD leaves whole although French keyboards and registries write them in two or without.
_SPELT: Final = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h", "ı": "i"}
)


def fold(text: str) -> str:
    """Return the key under which a name is found: no accent, lower case, single spaces, no punctuation.

    `fold("Lefèbvre-d'Œuf  ") == "lefebvre d oeuf"`. Folding twice changes nothing.
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    bare = unicodedata.normalize("NFKD", bare.casefold()).translate(_SPELT)
    bare = "".join(c for c in bare if not unicodedata.combining(c))
    return _NOT_LETTERS.sub(" ", bare).strip()


def _clean_line(text: object) -> object:
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip() if isinstance(text, str) else text


def _clean_prose(text: object) -> object:
    if not isinstance(text, str):
        return text
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def _printable(text: str) -> str:
    # NUL cannot be stored; other controls and lone surrogates have no place in what people read.
    if any(unicodedata.category(c) in {"Cc", "Cs", "Co"} and c not in "\n\t" for c in text):
        raise ValueError("Ce texte contient des caractères qui ne peuvent pas être enregistrés.")
    return text


def _without_number(text: str) -> str:
    if identifiers.appears_in(text):
        raise ValueError(
            "Ce texte contient un numéro de sécurité sociale. Retirez-le : il n'a sa place que dans la fiche de la "
            "personne, si votre structure est habilitée à le recueillir."
        )
    return text


def _a_name(text: str) -> str:
    if not fold(text) or any(c.isdigit() for c in text):
        raise ValueError("Un nom s'écrit avec des lettres, sans chiffre.")
    return text


Line = Annotated[
    str,
    BeforeValidator(_clean_line),
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(_printable),
    AfterValidator(_without_number),
]
"""One line of free text."""

Prose = Annotated[
    str,
    BeforeValidator(_clean_prose),
    StringConstraints(min_length=1, max_length=2000),
    AfterValidator(_printable),
    AfterValidator(_without_number),
]
"""Several lines of free text."""

Name = Annotated[
    str,
    BeforeValidator(_clean_line),
    StringConstraints(min_length=1, max_length=100),
    AfterValidator(_printable),
    AfterValidator(_a_name),
]
"""A first name or family name, in any script."""
