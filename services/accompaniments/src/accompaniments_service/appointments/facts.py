"""Facts about appointments. When, how and about which coded subject; whom is an id.

Rooms and equipment announce theirs too, with no person: statistics count the use of a site.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from accompaniments_service.codes import Activity, CalendarKind, CancelReason, Mode, Side, Subject
from servicekit.facts import Fact

Minutes = Annotated[int, Field(ge=1, le=1440)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AppointmentSubject(_Part):
    """The appointment, its calendar, for whom, from which request, booked by which structure."""

    appointment: UUID
    calendar: UUID
    person: UUID | None
    request: UUID | None
    structure: UUID | None


class _Planned(_Part):
    calendar_kind: CalendarKind
    mode: Mode
    subject: Subject | None
    activity: Activity | None
    starts_at: datetime
    minutes: Minutes


class Booked(_Planned):
    """What was booked, from which side, with which needs."""

    side: Side
    interpreter: bool
    accessibility: bool


class AppointmentBooked(Fact[AppointmentSubject, Booked]):
    """A place was taken."""

    type: Literal["appointment.booked"] = "appointment.booked"


class Moved(Booked):
    """The new time; `moved_from` is the appointment it replaces and `was_at` when that was."""

    moved_from: UUID
    was_at: datetime


class AppointmentMoved(Fact[AppointmentSubject, Moved]):
    """An appointment was replaced by another, which the subject names."""

    type: Literal["appointment.moved"] = "appointment.moved"


class Cancelled(_Planned):
    """From which side, whether for the person, and why."""

    side: Side
    by: Literal["person", "service"]
    reason: CancelReason


class AppointmentCancelled(Fact[AppointmentSubject, Cancelled]):
    """A place was given back."""

    type: Literal["appointment.cancelled"] = "appointment.cancelled"


class Held(_Planned):
    """What took place."""


class AppointmentHeld(Fact[AppointmentSubject, Held]):
    """The person came, was called or was visited."""

    type: Literal["appointment.held"] = "appointment.held"


class Missed(_Planned):
    """Whether the absence was explained."""

    excused: bool


class AppointmentMissed(Fact[AppointmentSubject, Missed]):
    """The person was not there."""

    type: Literal["appointment.missed"] = "appointment.missed"


class ReminderDue(_Planned):
    """What to be reminded of."""


class AppointmentReminderDue(Fact[AppointmentSubject, ReminderDue]):
    """Two days are left: whoever writes to people reminds them."""

    type: Literal["appointment.reminder_due"] = "appointment.reminder_due"
