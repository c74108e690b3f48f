"""Calendars as they come in and as they are shown."""

from datetime import date, datetime, time
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from accompaniments_service.codes import (
    RESOURCES,
    AppointmentMode,
    AppointmentSubject,
    CalendarKind,
    OpeningExceptionKind,
    OpeningExceptionReason,
)
from accompaniments_service.fields import In, Label, Minutes, MoreMinutes, Place, UnitCode, WallTime, Zone

_NEVER_OPENED = RESOURCES | {CalendarKind.SOCIAL_WORKER}
_HELD = frozenset({CalendarKind.ADVISER, CalendarKind.SOCIAL_WORKER})


class CalendarIn(In):
    """What a manager says of a calendar. `zone` is a social worker's sector, `capacity` places at once."""

    kind: CalendarKind
    label: Label
    account: UUID | None = None
    unit: UnitCode | None = None
    zone: Zone | None = None
    place: Place | None = None
    accessible: bool = False
    capacity: Annotated[int, Field(ge=1, le=200)] = 1
    open_to_partners: bool = False
    subjects: Annotated[list[AppointmentSubject], Field(default_factory=list, max_length=20)]
    active: bool = True

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.account is not None and self.kind not in _HELD:
            raise ValueError("Seul l'agenda d'un conseiller ou d'un travailleur social a un titulaire.")
        if self.open_to_partners and self.kind in _NEVER_OPENED:
            raise ValueError("Ce type d'agenda ne s'ouvre pas aux partenaires.")
        if self.open_to_partners and not self.subjects:
            raise ValueError("Indiquez les sujets pour lesquels les partenaires peuvent prendre rendez-vous.")
        return self


class RuleIn(In):
    """A weekly opening, in the hours of the wall; 0 is Monday; both days counted."""

    weekday: Annotated[int, Field(ge=0, le=6)]
    from_time: WallTime
    until_time: WallTime
    from_on: date
    until_on: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until_time <= self.from_time:
            raise ValueError("L'heure de fin doit suivre l'heure de début.")
        if self.until_on is not None and self.until_on < self.from_on:
            raise ValueError("La date de fin doit suivre la date de début.")
        return self


class ExceptionIn(In):
    """Days that are closed, or open in addition; all day without hours."""

    kind: OpeningExceptionKind
    reason: OpeningExceptionReason
    from_on: date
    until_on: date
    from_time: WallTime | None = None
    until_time: WallTime | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until_on < self.from_on or (self.until_on - self.from_on).days > 366:
            raise ValueError("La date de fin doit suivre la date de début, d'un an au plus.")
        if (self.from_time is None) is not (self.until_time is None):
            raise ValueError("Indiquez les deux heures, ou aucune pour la journée entière.")
        if self.from_time is not None and self.until_time is not None and self.until_time <= self.from_time:
            raise ValueError("L'heure de fin doit suivre l'heure de début.")
        if self.kind is OpeningExceptionKind.EXTRA and self.from_time is None:
            raise ValueError("Une ouverture supplémentaire a des heures.")
        return self


class AvailabilityIn(In):
    """All the hours of a calendar: what is sent replaces what was there."""

    rules: Annotated[list[RuleIn], Field(max_length=60)]
    exceptions: Annotated[list[ExceptionIn], Field(default_factory=list, max_length=200)]


class KindIn(In):
    """What a caisse offers; `notice_hours` and `horizon_days` bound what partners may book."""

    label: Label
    mode: AppointmentMode
    calendars: Annotated[list[CalendarKind], Field(min_length=1, max_length=6)]
    minutes: Minutes
    interpreter_minutes: MoreMinutes = 15
    accessibility_minutes: MoreMinutes = 15
    notice_hours: Annotated[int, Field(ge=0, le=720)] = 48
    horizon_days: Annotated[int, Field(ge=1, le=365)] = 60
    open_to_partners: bool = False
    active: bool = True


class FeedIn(In):
    """The SHA-256 of a secret drawn by whoever will follow the calendar: the secret itself is never sent here."""

    token_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class KindOut(BaseModel):
    """An offer."""

    id: UUID
    version: int
    label: str
    mode: AppointmentMode
    calendars: list[CalendarKind]
    minutes: int
    interpreter_minutes: int
    accessibility_minutes: int
    notice_hours: int
    horizon_days: int
    open_to_partners: bool
    active: bool


class Kinds(BaseModel):
    """Every offer of the caisse."""

    items: list[KindOut]


class CalendarOut(BaseModel):
    """A calendar in a list; `may_book` and `may_manage` say what the reader may do with it."""

    id: UUID
    version: int
    kind: CalendarKind
    label: str
    account: UUID | None
    unit: str | None
    zone: str | None
    place: str | None
    accessible: bool
    capacity: int
    open_to_partners: bool
    subjects: list[AppointmentSubject]
    active: bool
    may_book: bool
    may_manage: bool


class Calendars(BaseModel):
    """Every calendar of the caisse, the zone in which its hours are written, and whether the reader opens others."""

    items: list[CalendarOut]
    time_zone: str
    may_manage: bool


class RuleOut(BaseModel):
    """A weekly opening."""

    weekday: int
    from_time: time
    until_time: time
    from_on: date
    until_on: date | None


class ExceptionOut(BaseModel):
    """Days that differ."""

    kind: OpeningExceptionKind
    reason: OpeningExceptionReason
    from_on: date
    until_on: date
    from_time: time | None
    until_time: time | None


class FeedOut(BaseModel):
    """A secret address, without its secret."""

    id: UUID
    created_at: datetime
    mine: bool


class CalendarDetail(CalendarOut):
    """A calendar with its hours and the addresses under which it is followed."""

    rules: list[RuleOut]
    exceptions: list[ExceptionOut]
    feeds: list[FeedOut]


class WindowOut(BaseModel):
    """A stretch in which the calendar is open."""

    from_at: datetime
    until_at: datetime


class Slot(BaseModel):
    """When an appointment may start, until when it would last, and how many places are left then."""

    starts_at: datetime
    ends_at: datetime
    left: int


class SlotDay(BaseModel):
    """The free slots of a day, in the caisse's time zone."""

    on: date
    slots: list[Slot]


class Slots(BaseModel):
    """Free slots over some days; `next_on` is where to look further, null at the end of what may be booked."""

    minutes: int
    days: list[SlotDay]
    next_on: date | None


class OfferPlace(BaseModel):
    """Where a partner may book."""

    id: UUID
    kind: CalendarKind
    label: str
    place: str | None
    accessible: bool
    subjects: list[AppointmentSubject]
    declares_non_autonomy: bool


class OfferKind(BaseModel):
    """What a partner may book there."""

    id: UUID
    label: str
    mode: AppointmentMode
    calendars: list[CalendarKind]
    minutes: int
    interpreter_minutes: int
    accessibility_minutes: int


class Offers(BaseModel):
    """What is open to partners; empty when the caisse opens nothing."""

    places: list[OfferPlace]
    kinds: list[OfferKind]
    time_zone: str
