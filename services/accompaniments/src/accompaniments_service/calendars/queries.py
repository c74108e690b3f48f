"""Every SELECT on calendars. Each starts at what the actor may see."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from accompaniments_service.caisse_clock import CaisseClock
from accompaniments_service.calendars.models import AppointmentKind, Calendar, CalendarException, CalendarRule
from accompaniments_service.calendars.opening import DayException, Held, Opening, WeeklyRule
from accompaniments_service.codes import OpeningExceptionKind
from servicekit.access import Actor, Audience
from servicekit.errors import NotFound

_R: Final = CalendarRule.__table__.c
_E: Final = CalendarException.__table__.c


class CalendarNotFound(NotFound):
    """No such calendar, or not one this actor may see."""

    slug = "calendar-not-found"
    title = "Agenda introuvable"

    def __init__(self) -> None:
        super().__init__("Cet agenda n'existe pas ou ne vous est pas ouvert.")


class KindNotFound(NotFound):
    """No such kind of appointment, or not one this actor may book."""

    slug = "appointment-kind-not-found"
    title = "Type de rendez-vous introuvable"

    def __init__(self) -> None:
        super().__init__("Ce type de rendez-vous n'existe pas ou ne vous est pas proposé.")


def visible_to(actor: Actor) -> Select[Calendar]:
    """Return the calendars `actor` may see: the caisse's for its agents, those opened to them for partners."""
    mine = select(Calendar).where(Calendar.caisse == actor.caisse)
    if actor.audience is Audience.PARTNER:
        mine = mine.where(Calendar.open_to_partners, Calendar.active)
    return mine


def kinds_visible_to(actor: Actor) -> Select[AppointmentKind]:
    """Return the offers `actor` may see."""
    mine = select(AppointmentKind).where(AppointmentKind.caisse == actor.caisse)
    if actor.audience is Audience.PARTNER:
        mine = mine.where(AppointmentKind.open_to_partners, AppointmentKind.active)
    return mine


async def get(session: AsyncSession, actor: Actor, calendar_id: UUID, *, for_update: bool = False) -> Calendar:
    """Return one calendar; raise `CalendarNotFound`."""
    one = visible_to(actor).where(Calendar.id == calendar_id)
    found = (await session.scalars(one.with_for_update() if for_update else one)).one_or_none()
    if found is None:
        raise CalendarNotFound
    return found


async def get_kind(session: AsyncSession, actor: Actor, kind_id: UUID, *, for_update: bool = False) -> AppointmentKind:
    """Return one offer; raise `KindNotFound`."""
    one = kinds_visible_to(actor).where(AppointmentKind.id == kind_id)
    found = (await session.scalars(one.with_for_update() if for_update else one)).one_or_none()
    if found is None:
        raise KindNotFound
    return found


async def rules_of(session: AsyncSession, calendar: Calendar) -> Sequence[CalendarRule]:
    """Return the weekly hours of a calendar, in the order of the week."""
    rules = select(CalendarRule).where(CalendarRule.caisse == calendar.caisse, CalendarRule.calendar_id == calendar.id)
    return (await session.scalars(rules.order_by(CalendarRule.weekday, CalendarRule.from_time, CalendarRule.id))).all()


async def exceptions_of(
    session: AsyncSession, calendar: Calendar, *, since: date | None = None
) -> Sequence[CalendarException]:
    """Return the days of a calendar that differ, from a day on."""
    found = select(CalendarException).where(
        CalendarException.caisse == calendar.caisse, CalendarException.calendar_id == calendar.id
    )
    if since is not None:
        found = found.where(CalendarException.until_on >= since)
    return (await session.scalars(found.order_by(CalendarException.from_on, CalendarException.id))).all()


async def opening_of(session: AsyncSession, calendar: Calendar, where: CaisseClock, first: date, last: date) -> Opening:
    """Return the hours of a calendar over some days."""
    rules = await session.execute(
        select(_R.weekday, _R.from_time, _R.until_time, _R.from_on, _R.until_on).where(
            _R.caisse == calendar.caisse,
            _R.calendar_id == calendar.id,
            _R.from_on <= last,
            or_(_R.until_on.is_(None), _R.until_on >= first),
        )
    )
    exceptions = await session.execute(
        select(_E.kind, _E.from_on, _E.until_on, _E.from_time, _E.until_time).where(
            _E.caisse == calendar.caisse, _E.calendar_id == calendar.id, _E.from_on <= last, _E.until_on >= first
        )
    )
    return Opening(
        zone=where.zone,
        is_holiday=where.is_holiday,
        rules=[WeeklyRule(*row) for row in rules],
        exceptions=[DayException(OpeningExceptionKind(row[0]), *row[1:]) for row in exceptions],
    )


_HELD = text("SELECT place, from_at, until_at FROM held_places(:calendar, :first, :last)")
_TRY_TURN = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:calendar, 0))")


async def held_in(session: AsyncSession, calendar: Calendar, first: datetime, last: datetime) -> list[Held]:
    """Return the places of a calendar taken between two instants, and nothing about who took them."""
    rows = await session.execute(_HELD, {"calendar": calendar.id, "first": first, "last": last})
    return [Held(row.place, row.from_at, row.until_at) for row in rows]


async def its_turn(session: AsyncSession, calendar: Calendar) -> bool:
    """Tell whether it is this transaction's turn to write in a calendar; it then is until the transaction ends.

    Two insertions that meet in an exclusion constraint wait for one another until the deadlock is found, a
    second later; in turn, each finds at once what the one before has taken.
    """
    return bool(await session.scalar(_TRY_TURN, {"calendar": f"{calendar.caisse}/{calendar.id}"}))
