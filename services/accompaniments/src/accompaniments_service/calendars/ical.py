"""iCalendar (RFC 5545) of busy times: a reference, the kind of appointment, and never who. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

_LONGEST_LINE_BYTES: Final = 75


@dataclass(frozen=True, slots=True)
class Busy:
    """One appointment as its follower sees it; instants in UTC."""

    id: UUID
    version: int
    booked_at: datetime
    from_at: datetime
    until_at: datetime
    kind: str | None

    @property
    def reference(self) -> str:
        """Return what people quote on the telephone: the end of the id, which says nothing."""
        return f"RDV {self.id.hex[-8:].upper()}"


def written(busy: Iterable[Busy], now: datetime) -> bytes:
    """Return the calendar as a file."""
    lines = [line for name in _lines(busy, now) for line in _folded(name)]
    return ("\r\n".join(lines) + "\r\n").encode()


def _lines(busy: Iterable[Busy], now: datetime) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//Aller-vers//Agenda//FR"
    yield "CALSCALE:GREGORIAN"
    yield "METHOD:PUBLISH"
    yield "X-PUBLISHED-TTL:PT15M"
    for one in busy:
        yield "BEGIN:VEVENT"
        yield f"UID:{one.id}@aller-vers"
        yield f"DTSTAMP:{_stamp(now)}"
        yield f"CREATED:{_stamp(one.booked_at)}"
        yield f"SEQUENCE:{one.version}"
        yield f"DTSTART:{_stamp(one.from_at)}"
        yield f"DTEND:{_stamp(one.until_at)}"
        yield f"SUMMARY:{_escaped(f'{one.reference} · {one.kind}' if one.kind else f'{one.reference} · Réservé')}"
        yield "CLASS:CONFIDENTIAL"
        yield "TRANSP:OPAQUE"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _stamp(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Cut a line into pieces of at most 75 bytes, never inside a character; the next ones begin with a space."""
    room, piece = _LONGEST_LINE_BYTES, ""
    for character in line:
        size = len(character.encode())
        if size > room:
            yield piece
            piece, room = " ", _LONGEST_LINE_BYTES - 1
        piece += character
        room -= size
    yield piece
