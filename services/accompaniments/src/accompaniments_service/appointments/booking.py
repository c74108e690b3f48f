"""Taking a place: one after the other in a calendar, and past every check the database refuses a double.

A refusal says which it is: taken, closed, too soon or too far, not offered there.
"""

import asyncio
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from accompaniments_service.appointments import announcing
from accompaniments_service.appointments.models import TAKEN_CONSTRAINT, Appointment
from accompaniments_service.caisse_clock import CaisseClock
from accompaniments_service.calendars import hours, queries
from accompaniments_service.calendars.models import AppointmentKind, Calendar
from accompaniments_service.calendars.opening import free_place, free_starts
from accompaniments_service.codes import (
    AppointmentMode,
    AppointmentState,
    AppointmentSubject,
    BookingSide,
    CalendarKind,
    ResourceActivity,
    Verb,
)
from accompaniments_service.roles import SOCIAL_WORK_ROLES
from servicekit import clock
from servicekit.access import Actor, Audience
from servicekit.db import new_id
from servicekit.errors import Conflict, Forbidden, Invalid, Unavailable
from servicekit.facts import emit

REMINDED_DAYS_BEFORE: Final = 2
DECLARED: Final[frozenset[str]] = frozenset({CalendarKind.RECEPTION})
"""Kinds of calendars that are for persons who cannot do it alone (ESP-05)."""
LONGEST_WAIT_SECONDS: Final = 3.0
"""How long one may wait for the turns of others in a calendar."""


class SlotTaken(Conflict):
    """Nobody can be put there any more."""

    slug = "slot-taken"
    title = "Ce créneau vient d'être pris"

    def __init__(self) -> None:
        super().__init__("Toutes les places de ce créneau sont prises. Choisissez-en un autre.")


class SlotClosed(Conflict):
    """The calendar is not open then."""

    slug = "slot-closed"
    title = "Ce créneau n'est pas ouvert"

    def __init__(self, detail: str = "L'agenda n'est pas ouvert à ce moment, ou pas assez longtemps.") -> None:
        super().__init__(detail)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, whoever asks."""

    starts_at: datetime
    minutes: int
    mode: AppointmentMode
    kind: AppointmentKind | None = None
    person_id: UUID | None = None
    request_id: UUID | None = None
    subject: AppointmentSubject | None = None
    activity: ResourceActivity | None = None
    interpreter: bool = False
    language: str | None = None
    accessibility: bool = False
    not_autonomous: bool = False
    structure_id: UUID | None = None
    moved_from: UUID | None = None


def require_may_book(actor: Actor, calendar: Calendar) -> None:
    """Refuse an agent in a social worker's calendar that is neither theirs nor theirs to fill (SS-06)."""
    if not may_book(actor, calendar):
        raise Forbidden(
            "Seuls les CSAM, l'encadrement et le travailleur social concerné réservent dans cet agenda.", rule="SS-06"
        )


def may_book(actor: Actor, calendar: Calendar) -> bool:
    """Tell whether `actor` may book in a calendar."""
    if calendar.kind != CalendarKind.SOCIAL_WORKER:
        return True
    return actor.role in SOCIAL_WORK_ROLES or (calendar.account is not None and str(calendar.account) == actor.sub)


def require_offered(calendar: Calendar, kind: AppointmentKind) -> None:
    """Refuse a kind of appointment that is not held in such a calendar."""
    if calendar.kind not in kind.calendars or not kind.active:
        message = "Ce type de rendez-vous n'est pas proposé dans cet agenda."
        raise Invalid(message, errors=[{"field": "kind_id", "message": message}])


def require_open_to_partners(calendar: Calendar, subject: str | None, *, not_autonomous: bool) -> None:
    """Refuse a partner a subject that is not offered there, or a reception point without the declaration (ESP-05)."""
    if subject not in calendar.subjects:
        message = "Ce sujet n'est pas proposé dans ce lieu."
        raise Invalid(message, errors=[{"field": "subject", "message": message}])
    if calendar.kind in DECLARED and not not_autonomous:
        message = "Déclarez que la personne ne peut pas faire elle-même cette démarche (compte ameli, 36 46)."
        raise Invalid(message, errors=[{"field": "not_autonomous", "message": message, "rule": "ESP-05"}])


async def reserve(
    session: AsyncSession, actor: Actor, where: CaisseClock, calendar: Calendar, wanted: Wanted
) -> Appointment:
    """Take a place, write it and its history; raises `SlotTaken` or `SlotClosed`. The caller announces it."""
    start = wanted.starts_at.astimezone(UTC)
    end = start + timedelta(minutes=wanted.minutes)
    at = clock.now()
    if start < at or not calendar.active:
        raise SlotClosed("Ce moment est passé." if start < at else "Cet agenda n'est plus utilisé.")
    day = where.day_of(start)
    opening = await queries.opening_of(session, calendar, where, day, day)
    if not opening.admits(start, end):
        raise SlotClosed
    if actor.audience is Audience.PARTNER and wanted.kind is not None:
        _require_on_offer(actor, where, wanted.kind, start)
        step = timedelta(minutes=wanted.kind.minutes)
        starts = free_starts(opening.windows(day), [], 1, length=end - start, step=step)
        if start not in {at for at, _ in starts}:
            raise SlotClosed("Choisissez un des créneaux proposés.")
    place = await _free_place(session, calendar, start, end)
    appointment = Appointment(
        caisse=actor.caisse,
        id=new_id(),
        state=AppointmentState.BOOKED,
        calendar_id=calendar.id,
        place=place,
        during=Range(start, end, bounds="[)"),
        starts_at=start,
        kind_id=wanted.kind.id if wanted.kind else None,
        mode=wanted.mode,
        subject=wanted.subject,
        activity=wanted.activity,
        person_id=wanted.person_id,
        request_id=wanted.request_id,
        structure_id=wanted.structure_id,
        interpreter=wanted.interpreter,
        language=wanted.language if wanted.interpreter else None,
        accessibility=wanted.accessibility,
        not_autonomous=wanted.not_autonomous,
        side=BookingSide.PARTNER if actor.audience is Audience.PARTNER else BookingSide.CAISSE,
        booked_by=actor.sub,
        booked_at=at,
        moved_from=wanted.moved_from,
        reminder_due_on=None,
        reminded_at=None,
    )
    due_on = day - timedelta(days=REMINDED_DAYS_BEFORE)
    if wanted.person_id is not None and due_on > where.day_of(at):
        appointment.reminder_due_on = due_on
    session.add(appointment)
    try:
        await session.flush()
    except IntegrityError as error:
        # Another way into the calendar, that did not take its turn, was quicker.
        if TAKEN_CONSTRAINT in str(error.orig):
            raise SlotTaken from error
        raise
    session.add(appointment.event(Verb.BOOK, actor, at, before=None))
    await session.flush()
    return appointment


async def book(
    session: AsyncSession, actor: Actor, where: CaisseClock, calendar: Calendar, wanted: Wanted
) -> Appointment:
    """Take a place and announce it."""
    appointment = await reserve(session, actor, where, calendar, wanted)
    emit(session, announcing.booked(appointment, calendar))
    return appointment


async def _free_place(session: AsyncSession, calendar: Calendar, start: datetime, end: datetime) -> int:
    """Return a place that stays free until this transaction has taken it; raise `SlotTaken`.

    Whoever waits for a turn looks meanwhile: when the last place goes, a crowd is told at once, instead of
    queueing, each on a connection, to be told one after the other.
    """
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while True:
        mine = await queries.its_turn(session, calendar)
        # A statement of its own: it must see what was committed before the turn came.
        place = free_place(await queries.held_in(session, calendar, start, end), calendar.capacity, start, end)
        if place is None:
            raise SlotTaken
        if mine:
            return place
        if time.monotonic() > deadline:
            raise Unavailable("Cet agenda est très demandé en ce moment. Réessayez dans quelques instants.")
        await asyncio.sleep(random.uniform(0.01, 0.04))  # noqa: S311 - jitter


def _require_on_offer(actor: Actor, where: CaisseClock, kind: AppointmentKind, start: datetime) -> None:
    if start < hours.bookable_from(actor, kind):
        raise SlotClosed(f"Ce rendez-vous se prend {kind.notice_hours} heures à l'avance au moins.")
    if where.day_of(start) > hours.bookable_until(actor, kind, where):
        raise SlotClosed(f"Ce rendez-vous se prend {kind.horizon_days} jours à l'avance au plus.")
