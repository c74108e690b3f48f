"""What time does to requests: drafts expire, lapsed roles leave, a late first contact is said, delays are measured.

Each turn takes what is due and leaves the rest to the next one, so that no transaction lasts.
"""

from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.jobs import jobs
from referrals_service.network.models import AgentAssignment, PartnerStructure
from referrals_service.requests import facts
from referrals_service.requests.answering import close
from referrals_service.requests.caisse_calendar import CaisseCalendar, calendar_of
from referrals_service.requests.caisse_settings import CaisseSettings
from referrals_service.requests.codes import ClosingReason, CoarseState, Queue, RequestKind, Verb
from referrals_service.requests.companions import QueueDelay
from referrals_service.requests.front_door import settings_of
from referrals_service.requests.lifecycle import RUNNING
from referrals_service.requests.models import SILENCE_REGION, By, Request
from referrals_service.requests.take import release_left
from servicekit import clock
from servicekit.documents.erasing import erase_case
from servicekit.facts import emit
from servicekit.jobs import Jobs

AT_ONCE: Final = 200
SILENCE: Final[tuple[Any, Literal["service"], Literal["manager"], Literal["region"]]] = (
    None,
    "service",
    "manager",
    "region",
)
FEWEST: Final = 11
"""A median over fewer answers says too much about each, and too little about the queue."""


@jobs.every("requests.expire_drafts", cron="*/10 * * * *")
async def expire_drafts(session: AsyncSession) -> None:
    """Forget what was typed in drafts that nobody touched for the caisse's delay (30 days by default)."""
    due = (
        select(Request)
        .where(Request.coarse == CoarseState.DRAFT, Request.due_on < _latest_today())
        .order_by(Request.due_on, Request.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    at, by = clock.now(), By.system()
    for draft in (await session.scalars(due)).all():
        # The query counts the days where they begin first; each caisse's own day decides.
        if draft.due_on < calendar_of(draft.caisse).today():
            session.add(draft.step(Verb.EXPIRE, by, at))
            draft.draft_form = None
            await erase_case(session, draft.caisse, draft.id)


@jobs.every("requests.release_lapsed", cron="*/10 * * * *")
async def release_lapsed(session: AsyncSession) -> None:
    """Put back what somebody has in charge whose role ran out by its own date: no fact says that it did."""
    lapsed = (
        select(AgentAssignment)
        .where(AgentAssignment.ended_on.is_(None), AgentAssignment.until_on < _latest_today())
        .order_by(AgentAssignment.until_on, AgentAssignment.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    for held in (await session.scalars(lapsed)).all():
        calendar = calendar_of(held.caisse)
        if held.until_on is None or held.until_on >= calendar.today():
            continue
        held.ended_on = held.until_on + timedelta(days=1)
        await session.flush()
        left_at = datetime.combine(held.ended_on, time.min, calendar.zone)
        await release_left(session, held.caisse, held.account, left_at)


@jobs.every("requests.remind_of_first_contact", cron="*/10 * * * *")
async def remind_of_first_contact(session: AsyncSession) -> None:
    """Say once that the delay of first contact passed while the request was still under review."""
    late = (
        select(Request)
        .where(
            Request.coarse == CoarseState.UNDER_REVIEW,
            Request.first_contact_due_on < _latest_today(),
            Request.reminded_on.is_(None),
        )
        .order_by(Request.first_contact_due_on, Request.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    at, by = clock.now(), By.system()
    for request in (await session.scalars(late)).all():
        due_on, today = request.first_contact_due_on, calendar_of(request.caisse).today()
        if due_on is None or due_on >= today:
            continue
        session.add(request.step(Verb.REMIND, by, at))
        request.reminded_on = today
        emit(
            session,
            facts.RequestFirstContactLate(
                caisse=request.caisse,
                subject=request.subject,
                payload=facts.FirstContactLate(
                    kind=RequestKind(request.kind), account=request.assigned_to, due_on=due_on
                ),
            ),
        )


@jobs.every("requests.close_lapsed", cron="*/10 * * * *")
async def close_lapsed(session: AsyncSession) -> None:
    """Close what nobody completed in time, and what was answered and not read within the caisse's delay."""
    due = (
        select(Request)
        .where(Request.lapses_on < _latest_today())
        .order_by(Request.lapses_on, Request.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    by = By.system()
    for request in (await session.scalars(due)).all():
        if request.lapses_on is None or request.lapses_on >= calendar_of(request.caisse).today():
            continue
        waited = request.coarse == CoarseState.WAITING_PARTNER
        await close(session, request, by, ClosingReason.INCOMPLETE if waited else ClosingReason.NO_NEWS)


@jobs.every("requests.tell_of_silence", cron="*/10 * * * *")
async def tell_of_silence(session: AsyncSession) -> None:
    """Say that an answer is late: to the service and the sender at once, then to its manager, then to the region.

    Each level is told once, and the sender with it.
    """
    late = (
        select(Request)
        .where(
            Request.coarse.in_(sorted(RUNNING)),
            Request.silence < SILENCE_REGION,
            Request.due_on < _latest_today(),
        )
        .order_by(Request.due_on, Request.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    at, by = clock.now(), By.system()
    for request in (await session.scalars(late)).all():
        calendar = calendar_of(request.caisse)
        today = calendar.today()
        settings = await settings_of(session, request.caisse, today)
        reached = silence_on(today, request.due_on, calendar, settings)
        while request.silence < reached:
            request.silence += 1
            session.add(request.step(Verb.REMIND, by, at, reason=SILENCE[request.silence]))
            emit(
                session,
                facts.RequestSilent(
                    caisse=request.caisse,
                    subject=request.subject,
                    payload=facts.Silent(
                        kind=RequestKind(request.kind),
                        queue=Queue(request.queue),
                        level=SILENCE[request.silence],
                        account=request.assigned_to,
                        due_on=request.due_on,
                    ),
                ),
            )


def silence_on(today: date, due_on: date, calendar: CaisseCalendar, settings: CaisseSettings) -> int:
    """Return how far the passing of a delay is to be told on a day."""
    if today <= due_on:
        return 0
    if today <= calendar.deadline(due_on, settings.silence_manager.delay):
        return 1
    if today <= calendar.deadline(due_on, settings.silence_region.delay):
        return 2
    return SILENCE_REGION


@jobs.every("requests.measure_delays", cron="7 * * * *")
async def measure_delays(session: AsyncSession) -> None:
    """Measure how many working days answers took lately in each caisse, for partners to know what to expect."""
    at = clock.now()
    caisses = (await session.scalars(select(PartnerStructure.caisse).distinct())).all()
    for caisse in caisses:
        settings = await settings_of(session, caisse, calendar_of(caisse).today())
        since = at - timedelta(days=settings.delay_window_days)
        median = func.percentile_cont(0.5).within_group(Request.decision_days)
        measured = (
            select(Request.kind, func.count().label("answered"), median.label("median_days"))
            .where(
                Request.caisse == caisse,
                Request.decision_days.is_not(None),
                Request.decided_at >= since,
            )
            .group_by(Request.kind)
            .having(func.count() >= FEWEST)
        )
        rows: list[dict[str, Any]] = [
            {
                "caisse": caisse,
                "kind": row.kind,
                "measured_at": at,
                "window_days": settings.delay_window_days,
                "answered": row.answered,
                "median_days": row.median_days,
            }
            for row in await session.execute(measured)
        ]
        await session.execute(delete(QueueDelay).where(QueueDelay.caisse == caisse))
        if rows:
            await session.execute(insert(QueueDelay).values(rows))


def _latest_today() -> date:
    """Return the date where days begin first, east of every caisse."""
    return (clock.now() + timedelta(hours=14)).date()


def worker() -> Jobs:
    """Return what runs every task of the service, those declared here among them."""
    return jobs
