"""Lists of requests: the structure's own, and an agent's."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Query
from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons import register
from referrals_service.requests import queries, views
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import CoarseState, MisasState, Queue, RequestKind, Turn
from referrals_service.requests.filing import RESOURCE
from referrals_service.requests.lifecycle import MISAS, OPEN
from referrals_service.requests.models import R
from referrals_service.requests.schemas import PartnerRequestRow
from referrals_service.requests.schemas_agent import AgentRequestRow
from servicekit import journal
from servicekit.access import Actor
from servicekit.pages import Key, Page, PageParams, paginate

Number = Annotated[
    str,
    Query(pattern=r"^[0-9A-Za-z_-]{1,30}$", description="a number, its beginning, or its last digits for this year"),
]


class PartnerSort(StrEnum):
    """Newest first, or what moved last first."""

    CREATED = "created"
    LAST_EVENT = "last_event"


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
_PARTNER_KEYS: Final[dict[PartnerSort, list[Key]]] = {
    PartnerSort.CREATED: [(R.created_at, "desc"), (_ID, "desc")],
    PartnerSort.LAST_EVENT: [(R.last_event_at, "desc"), (_ID, "desc")],
}
_AGENT_KEYS: Final[dict[AgentSort, list[Key]]] = {
    AgentSort.DUE: [(R.due_on, "asc"), (_ID, "asc")],
    AgentSort.DUE_LATEST: [(R.due_on, "desc"), (_ID, "desc")],
}


@dataclass(frozen=True, slots=True)
class PartnerFilters:
    """What a structure looks for among its requests."""

    state: CoarseState | None = None
    turn: Turn | None = None
    kind: RequestKind | None = None
    number: str | None = None
    sort: PartnerSort = PartnerSort.CREATED


@dataclass(frozen=True, slots=True)
class AgentFilters:
    """What an agent looks for among the requests of the queue."""

    queue: Queue | None = None
    state: MisasState | None = None
    assigned: Assigned | None = None
    due: Due | None = None
    number: str | None = None
    sort: AgentSort = AgentSort.DUE


def partner_statement(actor: Actor, wanted: PartnerFilters, today: date) -> queries.Rows:
    """Return the structure's requests that meet the filters; thrown-away drafts only when asked for."""
    rows = queries.named_rows_for(actor)
    if wanted.state is not None:
        rows = rows.where(R.coarse == wanted.state)
    else:
        rows = rows.where(or_(R.number.is_not(None), R.coarse == CoarseState.DRAFT))
    if wanted.turn is not None:
        rows = rows.where(R.turn == wanted.turn)
    if wanted.kind is not None:
        rows = rows.where(R.kind == wanted.kind)
    if wanted.number is not None:
        rows = rows.where(queries.numbered(wanted.number, actor.caisse, today.year))
    return rows


def agent_statement(actor: Actor, wanted: AgentFilters, today: date) -> queries.Rows:
    """Return the requests of the agent's queue that meet the filters."""
    rows = queries.rows_for(actor)
    if wanted.queue is not None:
        rows = rows.where(R.queue == wanted.queue)
    if wanted.state is not None:
        rows = rows.where(R.coarse == MISAS.coarse[wanted.state])
    if wanted.assigned is Assigned.ME:
        rows = rows.where(R.assigned_to == actor.account_id)
    elif wanted.assigned is Assigned.NONE:
        rows = rows.where(R.assigned_to.is_(None), R.coarse.in_(sorted({*OPEN, CoarseState.REDIRECTED})))
    elif wanted.assigned is Assigned.UNIT:
        rows = rows.where(R.unit == (actor.unit or ""))
    if wanted.due is not None:
        rows = rows.where(R.coarse.in_(sorted(OPEN)), *_due(wanted.due, today))
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


async def partner_page(
    session: AsyncSession, actor: Actor, wanted: PartnerFilters, page: PageParams
) -> Page[PartnerRequestRow]:
    """Return one page of the structure's requests; names come with the rows, counted and journalled as always."""
    today = calendar_of(actor.caisse).today()
    rows, cursor = await paginate(session, partner_statement(actor, wanted, today), _PARTNER_KEYS[wanted.sort], page)
    shown = {row.person_id: views.named(actor.caisse, row) for row in rows if row.last_name is not None}
    await register.note_shown(session, actor, list(shown))
    journal.read(session, RESOURCE, (), resource_ids=[row.id for row in rows])
    return Page(items=views.partner_rows(actor, rows, shown, today), next_cursor=cursor)


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
