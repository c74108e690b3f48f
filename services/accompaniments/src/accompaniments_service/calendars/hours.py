"""Free slots of a calendar: its hours, less what is held, in lengths that the needs of the person decide."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from accompaniments_service.caisse_clock import CaisseClock
from accompaniments_service.calendars import queries
from accompaniments_service.calendars.models import AppointmentKind, Calendar
from accompaniments_service.calendars.opening import free_starts
from accompaniments_service.calendars.schemas import Slot, SlotDay, Slots
from servicekit import clock
from servicekit.access import Actor, Audience

LONGEST_LOOK_DAYS: Final = 14


def bookable_from(actor: Actor, kind: AppointmentKind) -> datetime:
    """Return the first instant `actor` may book: partners leave the caisse the notice it asks for."""
    now = clock.now()
    return now + timedelta(hours=kind.notice_hours) if actor.audience is Audience.PARTNER else now


def bookable_until(actor: Actor, kind: AppointmentKind, where: CaisseClock) -> date:
    """Return the last day `actor` may book."""
    days = kind.horizon_days if actor.audience is Audience.PARTNER else 365
    return where.today() + timedelta(days=days)


def edges(where: CaisseClock, first: date, last: date) -> tuple[datetime, datetime]:
    """Return the instants between which some days lie there."""
    begin = datetime.combine(first, time.min, where.zone)
    end = datetime.combine(last + timedelta(days=1), time.min, where.zone)
    return begin.astimezone(UTC), end.astimezone(UTC)


async def free_slots(
    session: AsyncSession,
    actor: Actor,
    where: CaisseClock,
    calendar: Calendar,
    kind: AppointmentKind,
    *,
    from_on: date,
    days: int,
    interpreter: bool,
    accessibility: bool,
) -> Slots:
    """Return when `kind` may start in a calendar over some days, as far as `actor` may book."""
    length = timedelta(minutes=kind.length(interpreter=interpreter, accessibility=accessibility))
    not_before = bookable_from(actor, kind)
    limit = bookable_until(actor, kind, where)
    first = max(from_on, where.day_of(not_before))
    last = min(first + timedelta(days=days - 1), limit)
    shown: list[SlotDay] = []
    if calendar.active and first <= last:
        opening = await queries.opening_of(session, calendar, where, first, last)
        held = await queries.held_in(session, calendar, *edges(where, first, last))
        step = timedelta(minutes=kind.minutes)
        for n in range((last - first).days + 1):
            day = first + timedelta(days=n)
            starts = free_starts(opening.windows(day), held, calendar.capacity, length=length, step=step)
            slots = [Slot(starts_at=at, ends_at=at + length, left=left) for at, left in starts if at >= not_before]
            if slots:
                shown.append(SlotDay(on=day, slots=slots))
    further = last + timedelta(days=1)
    return Slots(minutes=int(length.total_seconds() // 60), days=shown, next_on=further if further <= limit else None)
