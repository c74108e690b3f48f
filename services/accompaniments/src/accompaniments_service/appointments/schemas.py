"""Appointments as they come in and as they are shown; a person is an id, whose name the register gives."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from accompaniments_service.calendars.schemas import WindowOut
from accompaniments_service.codes import (
    AppointmentMode,
    AppointmentState,
    AppointmentSubject,
    BookingSide,
    CalendarKind,
    CancelReason,
    ResourceActivity,
)
from accompaniments_service.fields import In, Instant, Label, Language, Minutes, Reference


class _Needs(In):
    interpreter: bool = False
    language: Language | None = None
    accessibility: bool = False


class PartnerBookingIn(_Needs):
    """What a partner asks for one of its persons; a reception point wants the declaration of non-autonomy (ESP-05)."""

    calendar_id: UUID
    kind_id: UUID
    starts_at: Instant
    person_id: UUID
    subject: AppointmentSubject
    request_id: UUID | None = None
    not_autonomous: bool = False


class AgentBookingIn(_Needs):
    """What an agent books for a person."""

    calendar_id: UUID
    kind_id: UUID
    starts_at: Instant
    person_id: UUID
    subject: AppointmentSubject
    request_id: UUID | None = None


class RentalIn(In):
    """To whom a room is let: organisation, contract, amount in cents."""

    organisation: Label
    contract_reference: Reference
    amount_cents: Annotated[int, Field(ge=0, le=100_000_000)]


class ResourceBookingIn(In):
    """What a room or a piece of equipment is booked for; a rental names its contract."""

    calendar_id: UUID
    starts_at: Instant
    minutes: Minutes
    activity: ResourceActivity
    rental: RentalIn | None = None

    @model_validator(mode="after")
    def _rental_when_let(self) -> Self:
        if (self.activity is ResourceActivity.RENTAL) is not (self.rental is not None):
            raise ValueError("Une location porte un organisme, un contrat et un montant ; une autre activité, non.")
        return self


class NeedsIn(_Needs):
    """What the person needs from now on."""


class MoveIn(In):
    """What replaces an appointment: another time, perhaps another calendar, other needs; the same where not said."""

    starts_at: Instant
    calendar_id: UUID | None = None
    needs: NeedsIn | None = None


class PartnerCancelIn(In):
    """Why the person will not come."""

    reason: CancelReason = CancelReason.PERSON_UNAVAILABLE


class AgentCancelIn(In):
    """Why, and whether the person asked for it or the service cancels."""

    reason: CancelReason
    for_person: bool


class RentalOut(BaseModel):
    """To whom a room is let."""

    organisation: str
    contract_reference: str
    amount_cents: int


class Abilities(BaseModel):
    """What the reader may do to an appointment now."""

    move: bool
    cancel: bool
    mark: bool


class AgentAppointment(BaseModel):
    """An appointment for the caisse."""

    id: UUID
    version: int
    state: AppointmentState
    calendar_id: UUID
    place: int
    starts_at: datetime
    ends_at: datetime
    kind_id: UUID | None
    mode: AppointmentMode
    subject: AppointmentSubject | None
    activity: ResourceActivity | None
    person_id: UUID | None
    request_id: UUID | None
    structure_id: UUID | None
    interpreter: bool
    language: str | None
    accessibility: bool
    side: BookingSide
    rental: RentalOut | None
    abilities: Abilities


class WeekDay(BaseModel):
    """A day of the caisse: its hours, and whether it is a public holiday."""

    on: date
    holiday: bool
    windows: list[WindowOut]


class Week(BaseModel):
    """Seven days of a calendar; what was cancelled or moved is left out unless asked for."""

    time_zone: str
    days: list[WeekDay]
    appointments: list[AgentAppointment]


class PartnerAppointment(BaseModel):
    """An appointment for the structure that booked it."""

    id: UUID
    version: int
    state: AppointmentState
    calendar_id: UUID
    calendar_kind: CalendarKind | None
    calendar_label: str | None
    place: str | None
    starts_at: datetime
    ends_at: datetime
    kind_id: UUID | None
    kind_label: str | None
    mode: AppointmentMode
    subject: AppointmentSubject | None
    person_id: UUID
    request_id: UUID | None
    interpreter: bool
    language: str | None
    accessibility: bool
    abilities: Abilities
