"""Typed fields of what comes in: trimmed, bounded, closed."""

import unicodedata
from datetime import time
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field


def _one_line(value: object) -> object:
    if not isinstance(value, str):
        return value
    line = unicodedata.normalize("NFC", " ".join(value.split()))
    if not line.isprintable():
        raise ValueError("Ce texte contient des caractères qui ne s'impriment pas.")
    return line


def _five_minutes(value: time) -> time:
    if value.tzinfo is not None or value.second or value.microsecond or value.minute % 5:
        raise ValueError("Indiquez une heure ronde à cinq minutes près.")
    return value


Label = Annotated[str, BeforeValidator(_one_line), Field(min_length=2, max_length=80)]
Place = Annotated[str, BeforeValidator(_one_line), Field(min_length=2, max_length=200)]
Reference = Annotated[str, BeforeValidator(_one_line), Field(min_length=1, max_length=60)]
UnitCode = Annotated[str, Field(pattern=r"^[a-z0-9_]{2,20}$")]
Zone = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{2,20}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$", description="language code, ISO 639")]
WallTime = Annotated[time, AfterValidator(_five_minutes)]
Minutes = Annotated[int, Field(ge=5, le=480, multiple_of=5)]
MoreMinutes = Annotated[int, Field(ge=0, le=240, multiple_of=5)]
Instant = AwareDatetime


class In(BaseModel):
    """What comes in: a field that is not expected is refused, never ignored."""

    model_config = ConfigDict(extra="forbid")
