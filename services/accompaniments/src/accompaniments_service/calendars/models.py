"""Calendars, their hours, what is offered in them, and the secret addresses of their feeds."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    Time,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from accompaniments_service.base import Base
from accompaniments_service.codes import (
    AppointmentMode,
    AppointmentSubject,
    CalendarKind,
    OpeningExceptionKind,
    OpeningExceptionReason,
)
from servicekit.models import one_of, some_of


class Calendar(Base):
    """Somebody's, or some thing's, time in a caisse. `capacity` is how many may be there at once."""

    __tablename__ = "calendars"
    __table_args__ = (
        one_of("kind", CalendarKind),
        some_of("subjects", AppointmentSubject, at_least=0),
        CheckConstraint("capacity BETWEEN 1 AND 200", name="capacity_plausible"),
        CheckConstraint("kind IN ('adviser', 'social_worker') OR account IS NULL", name="only_people_hold_one"),
        CheckConstraint(
            "NOT open_to_partners OR kind NOT IN ('social_worker', 'room', 'equipment')", name="opened_to_partners"
        ),
        Index(None, "caisse", "kind", "label", "id"),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    kind: Mapped[str]
    label: Mapped[str]
    account: Mapped[UUID | None]
    unit: Mapped[str | None]
    zone: Mapped[str | None]
    place: Mapped[str | None]
    accessible: Mapped[bool]
    capacity: Mapped[int] = mapped_column(SmallInteger)
    open_to_partners: Mapped[bool]
    subjects: Mapped[list[str]] = mapped_column(ARRAY(Text))
    active: Mapped[bool]
    changed_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by the mapper


class CalendarRule(Base):
    """A weekly opening."""

    __tablename__ = "calendar_rules"
    __table_args__ = (
        ForeignKeyConstraint(["caisse", "calendar_id"], ["calendars.caisse", "calendars.id"], ondelete="CASCADE"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("from_time < until_time", name="hours_in_order"),
        CheckConstraint("until_on IS NULL OR from_on <= until_on", name="days_in_order"),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    calendar_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    weekday: Mapped[int] = mapped_column(SmallInteger)
    from_time: Mapped[time] = mapped_column(Time)
    until_time: Mapped[time] = mapped_column(Time)
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class CalendarException(Base):
    """Days that differ from the week."""

    __tablename__ = "calendar_exceptions"
    __table_args__ = (
        ForeignKeyConstraint(["caisse", "calendar_id"], ["calendars.caisse", "calendars.id"], ondelete="CASCADE"),
        one_of("kind", OpeningExceptionKind),
        one_of("reason", OpeningExceptionReason),
        CheckConstraint("from_on <= until_on", name="days_in_order"),
        CheckConstraint(
            "(from_time IS NULL) = (until_time IS NULL) AND (from_time IS NULL OR from_time < until_time)",
            name="hours_in_order",
        ),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    calendar_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    reason: Mapped[str]
    from_on: Mapped[date]
    until_on: Mapped[date]
    from_time: Mapped[time | None] = mapped_column(Time)
    until_time: Mapped[time | None] = mapped_column(Time)


class AppointmentKind(Base):
    """What a caisse offers: how long it lasts, how it is held, and what a need adds to it."""

    __tablename__ = "appointment_kinds"
    __table_args__ = (
        one_of("mode", AppointmentMode),
        some_of("calendars", CalendarKind),
        CheckConstraint("minutes BETWEEN 5 AND 480", name="minutes_plausible"),
        CheckConstraint("interpreter_minutes BETWEEN 0 AND 240", name="interpreter_minutes_plausible"),
        CheckConstraint("accessibility_minutes BETWEEN 0 AND 240", name="accessibility_minutes_plausible"),
        CheckConstraint("notice_hours BETWEEN 0 AND 720", name="notice_hours_plausible"),
        CheckConstraint("horizon_days BETWEEN 1 AND 365", name="horizon_days_plausible"),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    label: Mapped[str]
    mode: Mapped[str]
    calendars: Mapped[list[str]] = mapped_column(ARRAY(Text))
    minutes: Mapped[int] = mapped_column(SmallInteger)
    interpreter_minutes: Mapped[int] = mapped_column(SmallInteger)
    accessibility_minutes: Mapped[int] = mapped_column(SmallInteger)
    notice_hours: Mapped[int] = mapped_column(SmallInteger)
    horizon_days: Mapped[int] = mapped_column(SmallInteger)
    open_to_partners: Mapped[bool]
    active: Mapped[bool]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by the mapper

    def length(self, *, interpreter: bool, accessibility: bool) -> int:
        """Return how many minutes it takes with these needs."""
        return (
            self.minutes
            + (self.interpreter_minutes if interpreter else 0)
            + (self.accessibility_minutes if accessibility else 0)
        )


class CalendarFeed(Base):
    """A secret address under which a calendar can be followed; only the hash of the secret is kept."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        ForeignKeyConstraint(["caisse", "calendar_id"], ["calendars.caisse", "calendars.id"], ondelete="CASCADE"),
        UniqueConstraint("token_sha256"),
        CheckConstraint("length(token_sha256) = 32", name="token_hashed"),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    calendar_id: Mapped[UUID]
    account: Mapped[UUID]
    token_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
