"""Telephone numbers: French habits in, E.164 out. Pure."""

import re
from typing import Final

_SEPARATORS = re.compile(r"[\s.\-_/()]+")
_NATIONAL = re.compile(r"0[1-9]\d{8}", re.ASCII)
_INTERNATIONAL = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_FRENCH = re.compile(r"\+33[1-9]\d{8}", re.ASCII)

# National prefixes of the overseas territories that have a country code of their own.
_OVERSEAS: Final = {
    "0262": "+262",
    "0263": "+262",
    "0269": "+262",
    "0639": "+262",
    "0692": "+262",
    "0693": "+262",
    "0590": "+590",
    "0690": "+590",
    "0691": "+590",
    "0594": "+594",
    "0694": "+594",
    "0596": "+596",
    "0696": "+596",
    "0697": "+596",
}


class PhoneError(ValueError):
    """Not a telephone number. The message is French and quotes nothing of it."""


def parse(typed: str) -> str:
    """Return the number in E.164 (`+33612345678`); a number without country code is French."""
    value = _SEPARATORS.sub("", typed)
    if value.startswith("00"):
        value = "+" + value[2:]
    # +33 (0)6…: the zero in brackets is a habit of letterheads.
    if value.startswith("+330"):
        value = "+33" + value[4:]
    if _NATIONAL.fullmatch(value):
        return _OVERSEAS.get(value[:4], "+33") + value[1:]
    if _INTERNATIONAL.fullmatch(value) and (not value.startswith("+33") or _FRENCH.fullmatch(value)):
        return value
    raise PhoneError("Indiquez un numéro à dix chiffres, ou commençant par + et l'indicatif du pays.")


def masked(phone: str) -> str:
    """Return a number by which somebody who knows it recognises it: `+33 6 •• •• •• 78`."""
    return f"{phone[:4]}{'•' * (len(phone) - 6)}{phone[-2:]}"
