"""An agent's list of requests, and the names that go with lists."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons import register
from referrals_service.requests import queries, views
from referrals_service.requests.abilities import QUEUE_OF_ROLE
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import CoarseState, Queue, RequestState
from referrals_service.requests.filing import RESOURCE
from referrals_service.requests.lifecycle import COARSE, OPEN, RUNNING
from referrals_service.requests.models import R
from referrals_service.requests.schemas_agent import AgentRequestRow
from servicekit import journal
from servicekit.access import Actor
from servicekit.pages import Key, Page, PageParams, paginate


class AgentSort(StrEnum):
    """What is due first, or last."""

    DUE = "due"
    DUE_LATEST = "due_latest"


class Assigned(StrEnum):
    """Whose requests: mine, nobody's yet, my unit's."""

    ME = "me"
    NONE = "none"
    UNIT = "unit"


class Due(StrEnum):
    """Which deadline: past, today, or within the next seven days."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"


_ID: Final = R.id
_AGENT_KEYS: Final[dict[AgentSort, list[Key]]] = {
    AgentSort.DUE: [(R.due_on, "asc"), (_ID, "asc")],
    AgentSort.DUE_LATEST: [(R.due_on, "desc"), (_ID, "desc")],
}


@dataclass(frozen=True, slots=True)
class AgentFilters:
    """What an agent looks for among the requests of the queue."""

    queue: Queue | None = None
    state: RequestState | None = None
    assigned: Assigned | None = None
    due: Due | None = None
    number: str | None = None
    sort: AgentSort = AgentSort.DUE


def to_do(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on what the agent's queue still has to do.

    What was redirected is over for the mission that redirected it, and only begins for the queue that received it.
    """
    received = set() if QUEUE_OF_ROLE[actor.role] is Queue.MISAS else {CoarseState.REDIRECTED}
    return R.coarse.in_(sorted(OPEN | received))


def to_read(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on what the agent is in charge of and the sender wrote about since it was last opened.

    Whatever its state: a sender may still write once the caisse has answered.
    """
    return and_(R.assigned_to == actor.account_id, R.unread_by_caisse > 0)


def untaken(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on what nobody of the agent's queue has taken yet."""
    return (R.assigned_to.is_(None), to_do(actor))


def agent_statement(actor: Actor, wanted: AgentFilters, today: date) -> queries.Rows:
    """Return the requests of the agent's queue that meet the filters.

    Unless a state, a number or a deadline is asked for: those still to be answered, and of one's own also those
    where something is to be read.
    """
    rows = queries.rows_for(actor)
    whatever = wanted.state is None and wanted.number is None and wanted.due is None
    if wanted.assigned is Assigned.NONE:
        rows = rows.where(*untaken(actor))
    elif whatever:
        own = wanted.assigned is Assigned.ME
        rows = rows.where(or_(to_do(actor), to_read(actor)) if own else to_do(actor))
    if wanted.queue is not None:
        rows = rows.where(R.queue == wanted.queue)
    if wanted.state is not None:
        rows = rows.where(R.coarse == COARSE[wanted.state])
    if wanted.assigned is Assigned.ME:
        rows = rows.where(R.assigned_to == actor.account_id)
    elif wanted.assigned is Assigned.UNIT:
        rows = rows.where(R.unit == (actor.unit or ""))
    if wanted.due is not None:
        rows = rows.where(R.coarse.in_(sorted(RUNNING)), *_due(wanted.due, today))
    if wanted.number is not None:
        rows = rows.where(queries.numbered(wanted.number, actor.caisse, today.year))
    return rows


def _due(due: Due, today: date) -> tuple[Any, ...]:
    match due:
        case Due.OVERDUE:
            return (or_(R.due_on < today, R.first_contact_due_on < today),)
        case Due.TODAY:
            return (R.due_on == today,)
        case Due.WEEK:
            return (R.due_on >= today, R.due_on <= today + timedelta(days=7))


async def cards_of(session: AsyncSession, actor: Actor, rows: Any) -> views.Cards:
    """Return the names that go with rows, journalled with the requests they stand in."""
    cards = await register.card(session, actor, [row.person_id for row in rows])
    journal.read(session, RESOURCE, list(cards), resource_ids=[row.id for row in rows])
    return cards


async def agent_page(
    session: AsyncSession, actor: Actor, wanted: AgentFilters, page: PageParams
) -> Page[AgentRequestRow]:
    """Return one page of the requests of the agent's queue."""
    today = calendar_of(actor.caisse).today()
    rows, cursor = await paginate(session, agent_statement(actor, wanted, today), _AGENT_KEYS[wanted.sort], page)
    cards = await cards_of(session, actor, rows)
    return Page(items=views.agent_rows(actor, rows, cards, today), next_cursor=cursor)


async def one_card(session: AsyncSession, actor: Actor, request_id: UUID, person_id: UUID) -> views.Cards:
    """Return the card that goes with one request, journalled with it."""
    cards = await register.card(session, actor, [person_id])
    journal.read(session, RESOURCE, [person_id], resource_ids=[request_id])
    return cards
