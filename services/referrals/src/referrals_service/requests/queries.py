"""Every SELECT on requests. Each starts at what the actor may see; lists are Core rows, no object is built."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, and_, false, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause, ScalarSelect
from typing_extensions import TypeVarTuple

from referrals_service.requests.abilities import MANAGERS, QUEUE_OF_ROLE
from referrals_service.requests.companions import MisasReferral, RequestDetail, RequestMessage, RequestTransition
from referrals_service.requests.lifecycle import OPEN
from referrals_service.requests.models import R, Request
from servicekit.access import Actor, Audience
from servicekit.errors import NotFound

_LAST_CHARACTER: Final = "\U0010ffff"

Rows = Select[*tuple[Any, ...]]
"""A selection of columns of requests."""


class RequestNotFound(NotFound):
    """No such request, or not one this actor may see."""

    slug = "request-not-found"
    title = "Demande introuvable"

    def __init__(self) -> None:
        super().__init__("Cette demande n'existe pas ou ne vous est pas ouverte.")


T = TypeVarTuple("T")


def reached_by(actor: Actor, requests: Select[*T]) -> Select[*T]:
    """Narrow a selection of requests to those `actor` may see: a partner its structure's, an agent the queue's.

    CONF-01: a structure never sees another's.
    Until somebody takes it, a sent request is seen by everybody who works on its queue; then by the agent in
    charge, the agent's unit, and those who share the queue's work out. Drafts are their structure's alone.
    """
    requests = requests.where(R.caisse == actor.caisse)
    if actor.audience is Audience.PARTNER:
        return requests.where(R.structure_id == actor.structure_id)
    queue = QUEUE_OF_ROLE.get(actor.role)
    if actor.audience is not Audience.AGENT or queue is None:
        return requests.where(false())
    requests = requests.where(R.submitted_at.is_not(None), R.queue == queue)
    if actor.role in MANAGERS:
        return requests
    reach: list[ColumnElement[bool]] = [R.assigned_to.is_(None), R.assigned_to == actor.account_id]
    if actor.unit is not None:
        reach.append(R.unit == actor.unit)
    return requests.where(or_(*reach))


def visible_to(actor: Actor) -> Select[Request]:
    """Return the requests `actor` may see."""
    return reached_by(actor, select(Request))


async def get_for_update(session: AsyncSession, actor: Actor, request_id: UUID) -> Request:
    """Return one request locked until the transaction ends; raise `RequestNotFound`."""
    one = visible_to(actor).where(R.id == request_id).with_for_update(of=Request)
    found: Request | None = (await session.scalars(one)).one_or_none()
    if found is None:
        raise RequestNotFound
    return found


async def same_step_is_open(session: AsyncSession, request: Request) -> bool:
    """Tell whether another request for the same person, kind and topic is under way (ESP-13)."""
    others = select(R.id).where(
        R.caisse == request.caisse,
        R.person_id == request.person_id,
        R.kind == request.kind,
        R.topic == request.topic,
        R.coarse.in_(sorted(OPEN)),
        R.id != request.id,
    )
    with session.no_autoflush:
        return await session.scalar(others.limit(1)) is not None


async def several_for_update(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> Sequence[Request]:
    """Return those of `ids` that the actor sees, locked in one order so that two crowds cannot lock crosswise."""
    some = visible_to(actor).where(R.id.in_(set(ids))).order_by(R.id).with_for_update(of=Request)
    found: Sequence[Request] = (await session.scalars(some)).all()
    return found


_M: Final = MisasReferral.__table__.c
_D: Final = RequestDetail.__table__.c

LISTED: Final = (
    R.id,
    R.number,
    R.kind,
    R.topic,
    R.urgent,
    R.state,
    R.coarse,
    R.turn,
    R.queue,
    R.version,
    R.structure_id,
    R.person_id,
    R.detector_trained,
    R.assigned_to,
    R.created_at,
    R.submitted_at,
    R.due_on,
    R.lapses_on,
    R.first_contact_due_on,
    R.last_event,
    R.last_event_at,
    R.unread_by_partner,
    R.unread_by_caisse,
)


# Selections are built once: the forty columns of a list cost more to put together than to fetch.
_ROWS: Final[Rows] = select(*LISTED)


def rows_for(actor: Actor) -> Rows:
    """Return what lists show of the requests that `actor` sees, and what abilities are computed from."""
    return reached_by(actor, _ROWS)


def number_range(typed: str, caisse: str, year: int) -> tuple[str, str]:
    """Return the first number meant and the first one beyond, for one typed whole, by its beginning, or by its
    last digits for this year.
    """
    wanted = typed.upper()
    if wanted.isdecimal() and len(wanted) <= 6 and wanted != caisse:
        wanted = f"{caisse}-{year}-{int(wanted):06d}"
    return wanted, wanted + _LAST_CHARACTER


def numbered(typed: str, caisse: str, year: int) -> ColumnElement[bool]:
    """Return the condition on a number as people type it.

    A range on a column compared byte by byte: its operators are leakproof, so policies do not cost the index.
    """
    first, beyond = number_range(typed, caisse, year)
    return and_(R.number >= first, R.number < beyond)


def _listed(table: FromClause) -> ScalarSelect[Any]:
    pairs = [part for column in table.c for part in (column.key, column)]
    in_order = aggregate_order_by(func.json_build_object(*pairs), table.c.id)
    return (
        select(func.coalesce(func.json_agg(in_order), func.json_build_array()))
        .where(table.c.caisse == R.caisse, table.c.request_id == R.id)
        .correlate(Request.__table__)
        .scalar_subquery()
    )


_DETAIL: Final[Rows] = (
    select(
        *LISTED,
        R.author,
        R.detector_kind,
        R.detection_mode,
        R.unit,
        R.taken_at,
        R.decided_at,
        R.decision_days,
        R.origin_caisse,
        R.origin_id,
        R.draft_form,
        *(c for c in _M if c.key not in {"caisse", "request_id", "structure_id"}),
        _D.form.label("kept_form"),
        _listed(RequestTransition.__table__).label("history"),
        _listed(RequestMessage.__table__).label("messages"),
    )
    .outerjoin_from(
        Request.__table__,
        MisasReferral.__table__,
        and_(_M.caisse == R.caisse, _M.request_id == R.id),
    )
    .outerjoin(
        RequestDetail.__table__,
        and_(_D.caisse == R.caisse, _D.request_id == R.id, _D.kind == R.kind),
    )
)


async def detail(session: AsyncSession, actor: Actor, request_id: UUID) -> Row[*tuple[Any, ...]]:
    """Return one request with its form, its history and its messages, in one statement."""
    one = reached_by(actor, _DETAIL).where(R.id == request_id)
    found = (await session.execute(one)).one_or_none()
    if found is None:
        raise RequestNotFound
    return found
