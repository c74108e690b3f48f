"""Facts about appointments. When, how and about which coded subject; whom is an id.

Rooms and equipment announce theirs too, with no person: statistics count the use of a site.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from accompaniments_service.codes import (
    AppointmentMode,
    AppointmentSubject,
    BookingSide,
    CalendarKind,
    CancelReason,
    ResourceActivity,
)
from servicekit.facts import Fact

Minutes = Annotated[int, Field(ge=1, le=1440)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OfAppointment(_Part):
    """The appointment, its calendar and whose that is, for whom, from which request, booked by which structure."""

    appointment: UUID
    calendar: UUID
    agent: UUID | None
    person: UUID | None
    request: UUID | None
    structure: UUID | None


class _Planned(_Part):
    calendar_kind: CalendarKind
    mode: AppointmentMode
    subject: AppointmentSubject | None
    activity: ResourceActivity | None
    starts_at: datetime
    minutes: Minutes


class Booked(_Planned):
    """What was booked, from which side, with which needs."""

    side: BookingSide
    interpreter: bool
    accessibility: bool


class AppointmentBooked(Fact[OfAppointment, Booked]):
    """A place was taken."""

    type: Literal["appointment.booked"] = "appointment.booked"


class Moved(Booked):
    """The new time; `moved_from` is the appointment it replaces and `was_at` when that was."""

    moved_from: UUID
    was_at: datetime


class AppointmentMoved(Fact[OfAppointment, Moved]):
    """An appointment was replaced by another, which the subject names."""

    type: Literal["appointment.moved"] = "appointment.moved"


class Cancelled(_Planned):
    """From which side, whether for the person, and why."""

    side: BookingSide
    by: Literal["person", "service"]
    reason: CancelReason


class AppointmentCancelled(Fact[OfAppointment, Cancelled]):
    """A place was given back."""

    type: Literal["appointment.cancelled"] = "appointment.cancelled"


class Held(_Planned):
    """What took place."""


class AppointmentHeld(Fact[OfAppointment, Held]):
    """The person came, was called or was visited."""

    type: Literal["appointment.held"] = "appointment.held"


class Missed(_Planned):
    """Whether the absence was explained."""

    excused: bool


class AppointmentMissed(Fact[OfAppointment, Missed]):
    """The person was not there."""

    type: Literal["appointment.missed"] = "appointment.missed"


class ReminderDue(_Planned):
    """What to be reminded of."""


class AppointmentReminderDue(Fact[OfAppointment, ReminderDue]):
    """Two days are left: whoever writes to people reminds them."""

    type: Literal["appointment.reminder_due"] = "appointment.reminder_due"
