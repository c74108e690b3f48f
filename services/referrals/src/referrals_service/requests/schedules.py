"""What time does to requests: drafts expire, lapsed roles leave, a late first contact is said, delays are measured.

Each turn takes what is due and leaves the rest to the next one, so that no transaction lasts.
"""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.jobs import jobs
from referrals_service.network.models import AgentAssignment, PartnerStructure
from referrals_service.requests import facts
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import CoarseState, RequestKind, Verb
from referrals_service.requests.companions import QueueDelay
from referrals_service.requests.front_door import settings_of
from referrals_service.requests.models import By, Request
from referrals_service.requests.take import release_left
from servicekit import clock
from servicekit.documents.erasing import erase_case
from servicekit.facts import emit
from servicekit.jobs import Jobs

AT_ONCE: Final = 200
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
