"""What awaits a partner when signing in, and how long answers take."""

from typing import Final

from sqlalchemy import String, func, select, true, values
from sqlalchemy import column as named
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.requests import companions, queries, views
from referrals_service.requests.abilities import SENDER
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.caisse_settings import CaisseSettings
from referrals_service.requests.codes import CoarseState, RequestKind, Turn
from referrals_service.requests.filing import RESOURCE
from referrals_service.requests.front_door import settings_of
from referrals_service.requests.lists import cards_of
from referrals_service.requests.models import R
from referrals_service.requests.schemas import CappedCount, Home, QueueDelay
from servicekit import journal
from servicekit.access import Actor

COUNTED: Final = 1000
"""Counting stops here: nobody acts on the difference, and counting a million rows costs."""
SHOWN: Final = 10


def capped(count: int, most: int = COUNTED) -> CappedCount:
    """Return a count that stopped at `most`."""
    return CappedCount(count=min(count, most), more=count > most)


async def home(session: AsyncSession, actor: Actor) -> Home:
    """Return the home page of a partner. The administrator of a structure sees how many, and no name."""
    today = calendar_of(actor.caisse).today()
    counts = await _counts(session, actor)
    delays = await delays_of(session, actor.caisse, await settings_of(session, actor.caisse, today))
    if actor.role != SENDER:
        journal.read(session, RESOURCE, ())
        return Home(waiting_for_me=[], counts=counts, delays=delays, recent=[])
    by_event = (R.last_event_at.desc(), R.id.desc())
    own = queries.rows_for(actor).order_by(*by_event).limit(SHOWN)
    waiting = (await session.execute(own.where(R.turn == Turn.PARTNER))).all()
    recent = (await session.execute(own.where(R.number.is_not(None)))).all()
    cards = await cards_of(session, actor, [*waiting, *recent])
    return Home(
        waiting_for_me=views.partner_rows(actor, waiting, cards, today),
        counts=counts,
        delays=delays,
        recent=views.partner_rows(actor, recent, cards, today),
    )


async def _counts(session: AsyncSession, actor: Actor) -> dict[CoarseState, CappedCount]:
    """Count the structure's requests by state, each through its index and never further than shown."""
    states = values(named("state", String), name="states").data([(state.value,) for state in CoarseState])
    some = (
        queries.visible_to(actor)
        .with_only_columns(R.id)
        .where(R.coarse == states.c.state)
        .limit(COUNTED + 1)
        .correlate(states)
        .subquery()
    )
    counted = select(func.count().label("count")).select_from(some).lateral()
    rows = await session.execute(select(states.c.state, counted.c.count).select_from(states).join(counted, true()))
    return {CoarseState(row.state): capped(row[1]) for row in rows}


async def delays_of(session: AsyncSession, caisse: str, settings: CaisseSettings) -> list[QueueDelay]:
    """Return, for each kind, the delay aimed at and the one observed lately."""
    measured = select(companions.QueueDelay.kind, companions.QueueDelay.median_days).where(
        companions.QueueDelay.caisse == caisse
    )
    observed = {row.kind: row.median_days for row in await session.execute(measured)}
    return [
        QueueDelay(kind=kind, target_days=settings.review_delay(kind).days, observed_days=observed.get(kind))
        for kind in RequestKind
    ]
