"""Every SELECT on requests. Each starts at what the actor may see; lists are Core rows, no object is built."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, and_, false, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement, KeyedColumnElement
from sqlalchemy.sql.selectable import ScalarSelect

from referrals_service.requests.abilities import MANAGERS, QUEUE_OF_ROLE
from referrals_service.requests.companions import MisasReferral, RequestMessage, RequestTransition
from referrals_service.requests.models import Request
from servicekit.access import Actor, Audience
from servicekit.errors import NotFound

_LAST_CHARACTER: Final = "\U0010ffff"


class RequestNotFound(NotFound):
    """No such request, or not one this actor may see."""

    slug = "request-not-found"
    title = "Demande introuvable"

    def __init__(self) -> None:
        super().__init__("Cette demande n'existe pas ou ne vous est pas ouverte.")


def visible_to(actor: Actor) -> Select[Request]:
    """Return the requests `actor` may see: a partner its structure's, an agent those of the role's queue.

    Until somebody takes it, a sent request is seen by everybody who works on its queue; then by the agent in
    charge, the agent's unit, and those who share the queue's work out. Drafts are their structure's alone.
    """
    mine = select(Request).where(Request.caisse == actor.caisse)
    if actor.audience is Audience.PARTNER:
        return mine.where(Request.structure_id == actor.structure_id)
    queue = QUEUE_OF_ROLE.get(actor.role)
    if actor.audience is not Audience.AGENT or queue is None:
        return mine.where(false())
    sent = mine.where(Request.submitted_at.is_not(None))
    if actor.role in MANAGERS:
        return sent.where(Request.queue == queue)
    reach: list[ColumnElement[bool]] = [Request.assigned_to.is_(None), Request.assigned_to == actor.account_id]
    if actor.unit is not None:
        reach.append(Request.unit == actor.unit)
    return sent.where(Request.queue == queue, or_(*reach))


async def get_for_update(session: AsyncSession, actor: Actor, request_id: UUID) -> Request:
    """Return one request locked until the transaction ends; raise `RequestNotFound`."""
    one = visible_to(actor).where(Request.id == request_id).with_for_update(of=Request)
    found: Request | None = (await session.scalars(one)).one_or_none()
    if found is None:
        raise RequestNotFound
    return found


async def several_for_update(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> Sequence[Request]:
    """Return those of `ids` that the actor sees, locked in one order so that two crowds cannot lock crosswise."""
    some = visible_to(actor).where(Request.id.in_(set(ids))).order_by(Request.id).with_for_update(of=Request)
    found: Sequence[Request] = (await session.scalars(some)).all()
    return found


LISTED: Final = (
    Request.id,
    Request.number,
    Request.kind,
    Request.state,
    Request.coarse,
    Request.turn,
    Request.queue,
    Request.version,
    Request.structure_id,
    Request.person_id,
    Request.detector_trained,
    Request.assigned_to,
    Request.created_at,
    Request.submitted_at,
    Request.due_on,
    Request.first_contact_due_on,
    Request.last_event,
    Request.last_event_at,
    Request.unread_by_partner,
    Request.unread_by_caisse,
)


def as_rows(requests: Select[Request]) -> Select[*tuple[Any, ...]]:
    """Return what lists show of requests, and what abilities are computed from."""
    return requests.with_only_columns(*LISTED)


def numbered(typed: str, caisse: str, year: int) -> ColumnElement[bool]:
    """Return the condition on a number typed whole, by its beginning, or by its last digits for this year.

    A range on a column compared byte by byte: its operators are leakproof, so policies do not cost the index.
    """
    wanted = typed.strip().upper()
    if wanted.isdecimal() and len(wanted) <= 6 and wanted != caisse:
        return Request.number == f"{caisse}-{year}-{int(wanted):06d}"
    return and_(Request.number >= wanted, Request.number < wanted + _LAST_CHARACTER)


def _listed(table: type[RequestTransition | RequestMessage], *columns: KeyedColumnElement[Any]) -> ScalarSelect[Any]:
    pairs = [part for column in columns for part in (column.key, column)]
    in_order = aggregate_order_by(func.json_build_object(*pairs), table.id)
    return (
        select(func.coalesce(func.json_agg(in_order), func.json_build_array()))
        .where(table.caisse == Request.caisse, table.request_id == Request.id)
        .correlate(Request)
        .scalar_subquery()
    )


async def detail(session: AsyncSession, actor: Actor, request_id: UUID) -> Row[*tuple[Any, ...]]:
    """Return one request with its form, its history and its messages, in one statement."""
    history = _listed(RequestTransition, *RequestTransition.__table__.columns)
    messages = _listed(RequestMessage, *RequestMessage.__table__.columns)
    form = [
        column
        for column in MisasReferral.__table__.columns
        if column.key not in {"caisse", "request_id", "structure_id"}
    ]
    statement = (
        visible_to(actor)
        .with_only_columns(
            *LISTED,
            Request.author,
            Request.detector_kind,
            Request.detection_mode,
            Request.unit,
            Request.taken_at,
            Request.decided_at,
            Request.decision_days,
            Request.origin_caisse,
            Request.origin_id,
            Request.draft_form,
            *form,
            history.label("history"),
            messages.label("messages"),
        )
        .outerjoin(
            MisasReferral,
            (MisasReferral.caisse == Request.caisse) & (MisasReferral.request_id == Request.id),
        )
        .where(Request.id == request_id)
    )
    found = (await session.execute(statement)).one_or_none()
    if found is None:
        raise RequestNotFound
    return found
