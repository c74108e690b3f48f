"""Kinds of letters a service writes: to whom, and which fields its text may name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Constraint

from servicekit.letters.typography import euros, long_date, set_text


class Day(BaseModel):
    """A date, written out in the language of the letter."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    on: date


class Money(BaseModel):
    """An amount."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cents: int


Line = Annotated[str, Constraint(max_length=2000)]
Value = Line | Day | Money | tuple[Line, ...]
"""What stands in place of a field; several lines become paragraphs."""


def written(value: Value, language: str) -> list[str]:
    """Return a value as it is printed: one text, or several paragraphs."""
    match value:
        case Day():
            return [long_date(value.on, language)]
        case Money():
            return [euros(value.cents, language)]
        case str():
            return [set_text(value, language)]
        case _:
            return [set_text(line, language) for line in value]


@dataclass(frozen=True, slots=True)
class Field:
    """What a text may name by `{{code}}`; `example` is the invented value of a preview.

    `alone`: several paragraphs, so it is named by itself in a paragraph.
    """

    code: str
    label: str
    example: Value

    @property
    def alone(self) -> bool:
        """Tell whether its value is several paragraphs."""
        return isinstance(self.example, tuple)


@dataclass(frozen=True, slots=True)
class Text:
    """What a letter says: its subject on one line, its body in the markup."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of letter: its fields, and the text that the service ships in each language it knows."""

    code: str
    label: str
    addressee: Literal["person", "partner"]
    fields: Sequence[Field]
    shipped: Mapping[str, Text] = field(default_factory=dict)
    example_recipient: Sequence[str] = ()

    def field_codes(self) -> frozenset[str]:
        """Return what a text may name."""
        return frozenset(f.code for f in self.fields)

    def examples(self) -> dict[str, Value]:
        """Return the invented values of a preview."""
        return {f.code: f.example for f in self.fields}


def shipped_text(raw: str) -> Text:
    """Read a shipped text: the subject on the first line, an empty line, the body."""
    subject, _, body = raw.partition("\n")
    return Text(subject.strip(), body.strip())
