"""How text is set: French spaces and quotation marks, dates and money as people write them."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

NBSP: Final = "\u00a0"

# The fonts have no narrow no-break space; another font's would show.
_NARROW = re.compile("[\u202f\u2009]")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=[\w{«*])")
_QUOTED = re.compile(r'"([^"]*)"')
_BEFORE = re.compile(r"(?<=\S)[ \u00a0]*([;!?»]+)(?=[\s.,)…*]|$)")
_COLON = re.compile(r"(?<=\S)[ \u00a0]*:(?=[\s*]|$)")
_AFTER_GUILLEMET = re.compile(r"«[ \u00a0]*")
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_UNIT = re.compile(r"(?<=\d) (?=[€%])|(?<=\d) (?=(?:h|ans?|jours?|mois)\b)")
_TITLE = re.compile(r"\b(M\.|Mme|Dr|n°|N°|art\.) (?=\S)")

MONTHS: Final[Mapping[str, tuple[str, ...]]] = {
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "es": (
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
    "pt": (
        *("janeiro", "fevereiro", "março", "abril", "maio", "junho"),
        *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
    ),
}
"""Languages in which a letter can be written; French is the one that always exists."""

LANGUAGES: Final = tuple(MONTHS)

_DAY = re.compile(rf"\b(\d{{1,2}}|1er) (?=(?:{'|'.join(MONTHS['fr'])})\b)")


def set_text(text: str, language: str) -> str:
    """Return text as it is printed in `language`.

    `set_text("Objet: réponse à l'aide", "fr") == "Objet\u00a0: réponse à l\u2019aide"`. Setting twice changes nothing.
    """
    text = _NARROW.sub(NBSP, text)
    if language != "fr":
        return text
    text = _APOSTROPHE.sub("\u2019", text)
    text = _QUOTED.sub(r"« \1 »", text)
    text = _AFTER_GUILLEMET.sub(f"«{NBSP}", text)
    text = _BEFORE.sub(rf"{NBSP}\1", text)
    text = _COLON.sub(f"{NBSP}:", text)
    text = _THOUSANDS.sub(NBSP, text)
    text = _UNIT.sub(NBSP, text)
    text = _TITLE.sub(rf"\1{NBSP}", text)
    return _DAY.sub(rf"\1{NBSP}", text)


def long_date(day: date, language: str = "fr") -> str:
    """Return `12 mars 2026`, with no-break spaces; the first of a French month is `1er`."""
    month = MONTHS[language][day.month - 1]
    if language in {"es", "pt"}:
        return f"{day.day}{NBSP}de{NBSP}{month}{NBSP}de{NBSP}{day.year}"
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return f"{number}{NBSP}{month}{NBSP}{day.year}"


def euros(cents: int, language: str = "fr") -> str:
    """Return `1 234,50 €`, with no-break spaces; English writes `€1,234.50`."""
    whole, rest = divmod(abs(cents), 100)
    sign = "\u2212" if cents < 0 else ""
    if language == "en":
        return f"{sign}€{whole:,}.{rest:02d}"
    thousands = f"{whole:,}".replace(",", NBSP)
    return f"{sign}{thousands},{rest:02d}{NBSP}€"
