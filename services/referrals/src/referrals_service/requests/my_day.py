"""What an agent has to see to today, and the queues the agent works on."""

from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.requests import queries, views
from referrals_service.requests.abilities import QUEUE_OF_ROLE
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import Turn
from referrals_service.requests.front_door import settings_of
from referrals_service.requests.home import capped, delays_of
from referrals_service.requests.lifecycle import OPEN, RUNNING
from referrals_service.requests.lists import cards_of, to_read, untaken
from referrals_service.requests.models import R
from referrals_service.requests.schemas_agent import MyDay, Queues, QueueState, Section
from servicekit.access import Actor

COUNTED: Final = 100
FIRST: Final = 5


async def my_day(session: AsyncSession, actor: Actor) -> MyDay:
    """Return the five parts of an agent's day, each with its first requests."""
    today = calendar_of(actor.caisse).today()
    mine = (R.assigned_to == actor.account_id, R.coarse.in_(sorted(OPEN)))
    # What runs out first; `least` passes over a first contact whose clock has not started.
    due_on = func.least(R.due_on, R.first_contact_due_on)
    running = (R.assigned_to == actor.account_id, R.coarse.in_(sorted(RUNNING)))
    parts: dict[str, tuple[ColumnElement[bool], ...]] = {
        "overdue": (*running, due_on < today),
        "due_today": (*running, due_on == today),
        "to_read": (to_read(actor),),
        "waiting_partner": (*mine, R.turn == Turn.PARTNER),
        "new_in_queues": untaken(actor),
    }
    found = {name: await _first(session, actor, *conditions) for name, conditions in parts.items()}
    shown = [row for rows in found.values() for row in rows[:FIRST]]
    cards = await cards_of(session, actor, shown)
    sections = {
        name: Section(count=capped(len(rows), COUNTED), items=views.agent_rows(actor, rows[:FIRST], cards, today))
        for name, rows in found.items()
    }
    return MyDay(today=today, **sections)


async def _first(session: AsyncSession, actor: Actor, *conditions: ColumnElement[bool]) -> list[Any]:
    """Return the requests due first, one more than is ever counted: narrow rows cost less than a second query."""
    rows = queries.rows_for(actor).where(*conditions)
    return list((await session.execute(rows.order_by(R.due_on, R.id).limit(COUNTED + 1))).all())


async def queues(session: AsyncSession, actor: Actor) -> Queues:
    """Return the state of the queue that the agent's role works on. Numbers only: it names nobody."""
    queue = QUEUE_OF_ROLE[actor.role]
    today = calendar_of(actor.caisse).today()
    waiting = (
        queries.visible_to(actor)
        .with_only_columns(R.due_on)
        .where(*untaken(actor))
        .order_by(R.due_on)
        .limit(COUNTED * 10 + 1)
        .subquery()
    )
    counted = (
        await session.execute(
            select(
                func.count().label("waiting"),
                func.count().filter(waiting.c.due_on < today).label("overdue"),
                func.min(waiting.c.due_on).label("oldest"),
            ).select_from(waiting)
        )
    ).one()
    settings = await settings_of(session, actor.caisse, today)
    delays = await delays_of(session, actor.caisse, settings)
    return Queues(
        items=[
            QueueState(
                queue=queue,
                waiting=capped(counted.waiting, COUNTED * 10),
                overdue=capped(counted.overdue, COUNTED * 10),
                oldest_due_on=counted.oldest,
                delays=[delay for delay in delays if settings.queue_of(delay.kind, "") is queue],
            )
        ]
    )
