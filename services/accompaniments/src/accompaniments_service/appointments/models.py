"""An appointment, and what happened to it.

`during` is half-open. The exclusion constraint is what no race can pass: two appointments that hold a place never
share calendar, place and time. `structure_id` is that of the partner who booked; a policy compares it.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from accompaniments_service.appointments.lifecycle import HOLDING, after
from accompaniments_service.base import Base
from accompaniments_service.codes import (
    AppointmentMode,
    AppointmentState,
    AppointmentSubject,
    BookingSide,
    CancelReason,
    ResourceActivity,
    Verb,
)
from servicekit.access import Actor, Audience
from servicekit.db import new_id
from servicekit.models import code_list, one_of

TAKEN_CONSTRAINT = "ex_appointments_taken"
HOLDS = f"state IN ({code_list(HOLDING)})"


class Appointment(Base):
    """A place of a calendar, held from an instant until another for a person or for an activity."""

    __tablename__ = "appointments"
    __table_args__ = (
        ForeignKeyConstraint(["caisse", "calendar_id"], ["calendars.caisse", "calendars.id"]),
        ForeignKeyConstraint(["caisse", "kind_id"], ["appointment_kinds.caisse", "appointment_kinds.id"]),
        ForeignKeyConstraint(["caisse", "moved_from"], ["appointments.caisse", "appointments.id"]),
        UniqueConstraint("caisse", "id", "structure_id"),
        UniqueConstraint("caisse", "moved_from"),
        ExcludeConstraint(
            ("caisse", "="),
            ("calendar_id", "="),
            ("place", "="),
            ("during", "&&"),
            where=text(HOLDS),
            using="gist",
            name=TAKEN_CONSTRAINT,
        ),
        one_of("state", AppointmentState),
        one_of("mode", AppointmentMode),
        one_of("subject", AppointmentSubject),
        one_of("activity", ResourceActivity),
        one_of("side", BookingSide),
        CheckConstraint(
            "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)", name="during_bounded"
        ),
        CheckConstraint("starts_at = lower(during)", name="starts_with_its_time"),
        CheckConstraint("(person_id IS NULL) = (activity IS NOT NULL)", name="a_person_or_an_activity"),
        CheckConstraint("(person_id IS NULL) = (kind_id IS NULL)", name="kind_for_a_person"),
        CheckConstraint("side <> 'partner' OR structure_id IS NOT NULL", name="partner_has_structure"),
        Index("ix_appointments_week", "caisse", "calendar_id", "starts_at", "id"),
        Index("ix_appointments_sent", "caisse", "structure_id", text("starts_at DESC"), text("id DESC")),
        Index("ix_appointments_person", "caisse", "person_id", text("starts_at DESC")),
        Index(
            "ix_appointments_to_remind",
            "reminder_due_on",
            "id",
            postgresql_where=text("state = 'booked' AND reminded_at IS NULL AND reminder_due_on IS NOT NULL"),
        ),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    state: Mapped[str]
    calendar_id: Mapped[UUID]
    place: Mapped[int] = mapped_column(SmallInteger)
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    starts_at: Mapped[datetime]
    kind_id: Mapped[UUID | None]
    mode: Mapped[str]
    subject: Mapped[str | None]
    activity: Mapped[str | None]
    person_id: Mapped[UUID | None]
    request_id: Mapped[UUID | None]
    structure_id: Mapped[UUID | None]
    interpreter: Mapped[bool]
    language: Mapped[str | None]
    accessibility: Mapped[bool]
    not_autonomous: Mapped[bool]
    side: Mapped[str]
    booked_by: Mapped[str]
    booked_at: Mapped[datetime]
    moved_from: Mapped[UUID | None]
    reminder_due_on: Mapped[date | None]
    reminded_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by the mapper

    @property
    def minutes(self) -> int:
        """Return how long it lasts."""
        assert self.during.lower is not None  # noqa: S101 - the database checks the bounds
        assert self.during.upper is not None  # noqa: S101
        return int((self.during.upper - self.during.lower).total_seconds() // 60)

    def step(self, verb: Verb, actor: Actor, at: datetime, *, reason: CancelReason | None = None) -> "AppointmentEvent":
        """Make one act on it and return its row in the history; raise `TransitionRefused`."""
        before = self.state
        self.state = after(AppointmentState(before), verb)
        return self.event(verb, actor, at, before=before, reason=reason)

    def event(
        self, verb: Verb, actor: Actor, at: datetime, *, before: str | None, reason: CancelReason | None = None
    ) -> "AppointmentEvent":
        """Return the row that says what happened."""
        return AppointmentEvent(
            caisse=self.caisse,
            appointment_id=self.id,
            id=new_id(),
            structure_id=self.structure_id,
            at=at,
            side=BookingSide.PARTNER if actor.audience is Audience.PARTNER else BookingSide.CAISSE,
            actor=actor.sub,
            role=actor.role,
            verb=verb,
            from_state=before,
            to_state=self.state,
            reason=reason,
        )


def _of_an_appointment() -> tuple[ForeignKeyConstraint, ForeignKeyConstraint]:
    return (
        ForeignKeyConstraint(
            ["caisse", "appointment_id"], ["appointments.caisse", "appointments.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["caisse", "appointment_id", "structure_id"],
            ["appointments.caisse", "appointments.id", "appointments.structure_id"],
            ondelete="CASCADE",
        ),
    )


class AppointmentEvent(Base):
    """Who did what to an appointment, when and why; added to and never changed."""

    __tablename__ = "appointment_events"
    __table_args__ = (
        *_of_an_appointment(),
        one_of("verb", Verb),
        one_of("side", BookingSide),
        one_of("reason", CancelReason),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    appointment_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    structure_id: Mapped[UUID | None]
    at: Mapped[datetime]
    side: Mapped[str]
    actor: Mapped[str]
    role: Mapped[str]
    verb: Mapped[str]
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    reason: Mapped[str | None]


class Rental(Base):
    """A room or equipment let to somebody outside: under which contract, for how much."""

    __tablename__ = "rentals"
    __table_args__ = (
        ForeignKeyConstraint(
            ["caisse", "appointment_id"], ["appointments.caisse", "appointments.id"], ondelete="CASCADE"
        ),
        CheckConstraint("amount_cents >= 0", name="amount_not_negative"),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    appointment_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation: Mapped[str]
    contract_reference: Mapped[str]
    amount_cents: Mapped[int]
