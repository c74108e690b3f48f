"""Following a calendar from elsewhere: an address with a secret, that gives busy times and nothing else.

Whoever follows draws the secret and sends its hash; the gateway hashes what it is shown and asks for the hash. So the
secret is nowhere in this service: not in a row, not in a stored answer, not in a log.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from fastapi import Response, status
from sqlalchemy import exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from accompaniments_service.appointments.lifecycle import HOLDING
from accompaniments_service.appointments.models import Appointment
from accompaniments_service.caisse_clock import clock_of
from accompaniments_service.calendars import queries
from accompaniments_service.calendars.ical import Busy, written
from accompaniments_service.calendars.models import AppointmentKind, Calendar, CalendarFeed
from accompaniments_service.calendars.queries import CalendarNotFound
from accompaniments_service.calendars.schemas import FeedIn
from accompaniments_service.network.models import AgentAssignment
from accompaniments_service.roles import BOOKING_ROLES, FEED, MANAGING_ROLES, READ
from servicekit import clock, journal
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession, new_id
from servicekit.errors import Conflict, Forbidden, NotFound
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import Receipt

PAST_DAYS: Final = 30
AHEAD_DAYS: Final = 180
MOST: Final = 5
"""Addresses one person may have for one calendar at once."""

agent_feeds = router("/api/v1/accompaniments/agent", tags=["agenda"])
feed_handover = router("/internal", tags=["internal"])

_FOLLOWS = access(Audience.AGENT, purpose=READ, roles=BOOKING_ROLES)


class FeedNotFound(NotFound):
    """No such address, or it was revoked."""

    slug = "calendar-feed-not-found"
    title = "Adresse d'agenda inconnue"

    def __init__(self) -> None:
        super().__init__("Cette adresse n'existe pas ou n'est plus valable.")


async def addresses_of(session: AsyncSession, calendar: Calendar) -> Sequence[CalendarFeed]:
    """Return the addresses under which a calendar is followed now."""
    living = select(CalendarFeed).where(
        CalendarFeed.caisse == calendar.caisse,
        CalendarFeed.calendar_id == calendar.id,
        CalendarFeed.revoked_at.is_(None),
    )
    return (await session.scalars(living.order_by(CalendarFeed.id))).all()


@agent_feeds.post(
    "/calendars/{calendar_id}/feeds",
    operation_id="agent_open_feed",
    status_code=status.HTTP_201_CREATED,
    responses=problems(CalendarNotFound, Conflict),
    openapi_extra=_FOLLOWS,
)
async def open_feed(calendar_id: UUID, given: FeedIn, session: DbSession, actor: CurrentActor) -> Receipt:
    """Open an address for a calendar, under a secret that only its hash is told of."""
    calendar = await queries.get(session, actor, calendar_id)
    mine = [feed for feed in await addresses_of(session, calendar) if str(feed.account) == actor.sub]
    if len(mine) >= MOST:
        raise Conflict("Vous avez déjà cinq adresses pour cet agenda : révoquez-en une.")
    feed = CalendarFeed(
        caisse=actor.caisse,
        id=new_id(),
        calendar_id=calendar.id,
        account=actor.account_id,
        token_sha256=bytes.fromhex(given.token_sha256),
        created_at=clock.now(),
        revoked_at=None,
    )
    session.add(feed)
    try:
        await session.flush()
    except IntegrityError as error:
        raise Conflict("Cette adresse existe déjà : tirez-en une autre.") from error
    journal.change(session, "calendar_feed.open", "calendar_feed", feed.id)
    return Receipt(id=feed.id, version=1, state="open")


@agent_feeds.post(
    "/calendar-feeds/{feed_id}/revoke",
    operation_id="agent_revoke_feed",
    responses=problems(FeedNotFound, Forbidden),
    openapi_extra=_FOLLOWS,
)
async def revoke_feed(feed_id: UUID, session: DbSession, actor: CurrentActor) -> Receipt:
    """Close an address for good: one's own, or anybody's for those who manage the agenda."""
    one = select(CalendarFeed).where(CalendarFeed.caisse == actor.caisse, CalendarFeed.id == feed_id)
    feed = (await session.scalars(one.with_for_update())).one_or_none()
    if feed is None:
        raise FeedNotFound
    if str(feed.account) != actor.sub and actor.role not in MANAGING_ROLES:
        raise Forbidden("Cette adresse a été ouverte par quelqu'un d'autre.")
    feed.revoked_at = feed.revoked_at or clock.now()
    journal.change(session, "calendar_feed.revoke", "calendar_feed", feed.id)
    return Receipt(id=feed.id, version=2, state="revoked")


async def _is_followed(session: AsyncSession, feed: CalendarFeed) -> bool:
    """Tell whether who opened the address still works with the agenda, and the calendar with people."""
    today = (await clock_of(session, feed.caisse)).today()
    works = exists().where(
        AgentAssignment.caisse == feed.caisse,
        AgentAssignment.account == feed.account,
        AgentAssignment.role.in_(BOOKING_ROLES),
        AgentAssignment.from_on <= today,
        or_(AgentAssignment.until_on.is_(None), AgentAssignment.until_on >= today),
        AgentAssignment.ended_on.is_(None),
    )
    is_open = exists().where(Calendar.caisse == feed.caisse, Calendar.id == feed.calendar_id, Calendar.active.is_(True))
    return bool(await session.scalar(select(works & is_open)))


@feed_handover.get(
    "/calendar-feeds/{token_sha256}",
    operation_id="read_calendar_feed",
    responses=problems(FeedNotFound),
    openapi_extra=access(Audience.INTERNAL, purpose=FEED, clients=["svc-gateway"]),
)
async def read_feed(token_sha256: str, session: DbSession) -> Response:
    """Give a calendar as iCalendar to the gateway, for whoever showed it the secret."""
    try:
        hashed = bytes.fromhex(token_sha256)
    except ValueError as error:
        raise FeedNotFound from error
    feed = (
        await session.scalars(
            select(CalendarFeed).where(CalendarFeed.token_sha256 == hashed, CalendarFeed.revoked_at.is_(None))
        )
    ).one_or_none()
    if feed is None or not await _is_followed(session, feed):
        raise FeedNotFound
    now = clock.now()
    rows = await session.execute(
        select(Appointment.id, Appointment.version, Appointment.booked_at, Appointment.during, AppointmentKind.label)
        .outerjoin(
            AppointmentKind,
            (AppointmentKind.caisse == Appointment.caisse) & (AppointmentKind.id == Appointment.kind_id),
        )
        .where(
            Appointment.caisse == feed.caisse,
            Appointment.calendar_id == feed.calendar_id,
            Appointment.starts_at >= now - timedelta(days=PAST_DAYS),
            Appointment.starts_at < now + timedelta(days=AHEAD_DAYS),
            Appointment.state.in_(sorted(HOLDING)),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
    journal.read(session, "calendar_feed", [], resource_ids=[feed.id])
    busy = [
        Busy(row.id, row.version, row.booked_at, _utc(row.during.lower), _utc(row.during.upper), row.label)
        for row in rows
    ]
    return Response(written(busy, now), media_type="text/calendar; charset=utf-8")


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
