"""Identifiers of structures and addresses of people: checked and written in one way. Pure.

The messages are shown under the field; they say what to do and never repeat what was typed.
"""

import re
import unicodedata

from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.fr import siret as siret_number

_SEPARATORS = re.compile(r"[\s.\u00a0\u202f-]")
_FINESS_MAINLAND = re.compile(r"\d{9}")
_FINESS_CORSICA = re.compile(r"2[AB]\d{7}")
_EMAIL = re.compile(r"[^@\s<>\"',;:()\[\]\\]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*\.[a-z][a-z0-9-]+")
_EMAIL_LENGTH = 254


def siret(value: str) -> str:
    """Return the 14 digits of a SIRET; ValueError in French when it is not one.

    The establishments of La Poste follow their own rule (sum of digits a multiple of 5).
    """
    digits = _SEPARATORS.sub("", value)
    if not (digits.isascii() and digits.isdigit() and len(digits) == 14):
        raise ValueError("Un SIRET compte 14 chiffres.")
    try:
        checked: str = siret_number.validate(digits)
    except InvalidChecksum as error:
        raise ValueError("La clé de ce SIRET est fausse : vérifiez chaque chiffre.") from error
    except ValidationError as error:
        raise ValueError("Ce SIRET n'est pas valide.") from error
    return checked


def finess(value: str) -> str:
    """Return the 9 characters of a FINESS number; ValueError in French when it is not one.

    Luhn over the nine digits. Corsican numbers (2A, 2B) carry a letter and get a format check only, since
    no published rule says how their key is computed.
    """
    number = _SEPARATORS.sub("", value).upper()
    if _FINESS_CORSICA.fullmatch(number):
        return number
    if not (number.isascii() and _FINESS_MAINLAND.fullmatch(number)):
        raise ValueError("Un numéro FINESS compte 9 caractères.")
    if not _luhn(number):
        raise ValueError("La clé de ce numéro FINESS est fausse : vérifiez chaque chiffre.")
    return number


def _luhn(digits: str) -> bool:
    total = 0
    for rank, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if rank % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def email(value: str) -> str:
    """Return a professional e-mail address as it will be written to; ValueError in French otherwise."""
    address = unicodedata.normalize("NFC", value.strip())
    if len(address) > _EMAIL_LENGTH or not address.isprintable() or not _EMAIL.fullmatch(email_key(address)):
        raise ValueError("Indiquez une adresse électronique complète, comme prenom.nom@structure.fr.")
    return address


def email_key(address: str) -> str:
    """Return what makes two addresses the same: compatibility form, lower case."""
    return unicodedata.normalize("NFKC", address.strip()).casefold()


def name_key(name: str) -> str:
    """Return a name without accents, case or punctuation: to compare, sort and search, never to show."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    expanded = bare.casefold().replace("œ", "oe").replace("æ", "ae").replace("&", " et ")
    return " ".join(re.findall(r"[^\W_]+", expanded))
