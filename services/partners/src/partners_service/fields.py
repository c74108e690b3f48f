"""Typed fields of what comes in: trimmed, bounded, checked, with messages in French."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from partners_service import identifiers

_PHONE = re.compile(r"(?:\+\d{8,15}|0\d{9})")
_POSTCODE = re.compile(r"\d{5}")


def _one_line(value: object) -> object:
    if not isinstance(value, str):
        return value
    line = " ".join(value.split())
    if not line.isprintable():
        raise ValueError("Ce texte contient des caractères qui ne s'impriment pas.")
    return line


def _phone(value: str) -> str:
    digits = re.sub(r"[\s.\-()]", "", value)
    if not (digits.isascii() and _PHONE.fullmatch(digits)):
        raise ValueError("Indiquez un numéro de téléphone à 10 chiffres, ou international avec +.")
    return digits


def _postcode(value: str) -> str:
    if not (value.isascii() and _POSTCODE.fullmatch(value)):
        raise ValueError("Un code postal compte 5 chiffres.")
    return value


def _word(value: str) -> str:
    if not identifiers.name_key(value):
        raise ValueError("Ce nom doit contenir au moins une lettre ou un chiffre.")
    return value


Line = Annotated[str, BeforeValidator(_one_line), Field(min_length=1, max_length=200)]
Name = Annotated[str, BeforeValidator(_one_line), Field(min_length=1, max_length=100), AfterValidator(_word)]
JobTitle = Annotated[str, BeforeValidator(_one_line), Field(min_length=1, max_length=120)]
Email = Annotated[str, AfterValidator(identifiers.email), Field(max_length=254)]
Phone = Annotated[str, AfterValidator(_phone), Field(max_length=30)]
Postcode = Annotated[str, BeforeValidator(_one_line), AfterValidator(_postcode)]
Siret = Annotated[str, AfterValidator(identifiers.siret), Field(max_length=30, examples=["26310395400012"])]
Finess = Annotated[str, AfterValidator(identifiers.finess), Field(max_length=20, examples=["310781406"])]
UnitCode = Annotated[str, Field(pattern=r"^[a-z0-9_]{2,20}$", examples=["misas"])]
DepartmentCode = Annotated[str, Field(pattern=r"^(?:\d{2}|2[AB]|9[78]\d)$", examples=["31"])]


class In(BaseModel):
    """What comes in: a field that is not expected is refused, never ignored."""

    model_config = ConfigDict(extra="forbid")
