"""A letter as it was produced: everything its bytes are made of, and nothing else."""

from datetime import date
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from servicekit.letters import markup
from servicekit.letters.kinds import Text, Value
from servicekit.letters.typography import long_date, set_text

SHEET: Final = 1
"""Version of the sheet that new letters are printed on."""


class Letterhead(BaseModel):
    """Who writes: the body's name, its address and telephone line by line, the town that stands before the date.

    `signature` is printed under the text: a function and a name, or nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    lines: tuple[str, ...]
    place: str
    signature: tuple[str, ...] = ()


class Snapshot(BaseModel):
    """Text and values as they were that day; stored as JSON, printed at will.

    `version` is that of the caisse's template, 0 for the text that the service ships.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sheet: int = SHEET
    kind: str
    language: str
    version: int
    subject: str
    body: str
    on: date
    letterhead: Letterhead
    recipient: tuple[str, ...]
    reference: str
    values: dict[str, Value]

    @property
    def text(self) -> Text:
        """Return the template."""
        return Text(self.subject, self.body)


_PLACED: Final = {"fr": "{place}, le {day}", "en": "{place}, {day}", "es": "{place}, a {day}", "pt": "{place}, {day}"}

_ALONE: Final = {"fr": "Le "}


def composed(snapshot: Snapshot) -> dict[str, Any]:
    """Return what the sheet prints: plain data, every text set."""
    language, head = snapshot.language, snapshot.letterhead
    subject = markup.plain(snapshot.subject, snapshot.values, language)
    day = long_date(snapshot.on, language)
    placed = _PLACED[language].format(place=head.place, day=day) if head.place else f"{_ALONE.get(language, '')}{day}"
    return {
        "lang": language,
        "title": subject,
        "subject": subject,
        "letterhead": {
            "name": set_text(head.name, "fr"),
            "lines": [set_text(line, "fr") for line in head.lines],
        },
        "recipient": [set_text(line, "fr") for line in snapshot.recipient],
        "placed": placed,
        "reference": set_text(snapshot.reference, language),
        "blocks": markup.blocks(snapshot.body, snapshot.values, language),
        "signature": [set_text(line, "fr") for line in head.signature],
    }
