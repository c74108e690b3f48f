"""Every SELECT on requests. Each starts at what the actor may see; lists are Core rows, no object is built."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import DateTime, Row, Select, and_, bindparam, exists, false, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement, KeyedColumnElement
from sqlalchemy.sql.selectable import ScalarSelect
from typing_extensions import TypeVarTuple

from referrals_service.persons.codes import HolderKind
from referrals_service.persons.grants import FOLLOW, SUBMIT
from referrals_service.persons.models import Person, PersonGrant, PersonIdentifier
from referrals_service.requests.abilities import MANAGERS, QUEUE_OF_ROLE
from referrals_service.requests.companions import MisasReferral, RequestMessage, RequestTransition
from referrals_service.requests.models import Request
from servicekit import clock
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

    Until somebody takes it, a sent request is seen by everybody who works on its queue; then by the agent in
    charge, the agent's unit, and those who share the queue's work out. Drafts are their structure's alone.
    """
    requests = requests.where(Request.caisse == actor.caisse)
    if actor.audience is Audience.PARTNER:
        return requests.where(Request.structure_id == actor.structure_id)
    queue = QUEUE_OF_ROLE.get(actor.role)
    if actor.audience is not Audience.AGENT or queue is None:
        return requests.where(false())
    requests = requests.where(Request.submitted_at.is_not(None), Request.queue == queue)
    if actor.role in MANAGERS:
        return requests
    reach: list[ColumnElement[bool]] = [Request.assigned_to.is_(None), Request.assigned_to == actor.account_id]
    if actor.unit is not None:
        reach.append(Request.unit == actor.unit)
    return requests.where(or_(*reach))


def visible_to(actor: Actor) -> Select[Request]:
    """Return the requests `actor` may see."""
    return reached_by(actor, select(Request))


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


# Selections are built once: the forty columns of a list cost more to put together than to fetch.
_ROWS: Final[Rows] = select(*LISTED)

# Names beside the structure's requests, in the statement of the list. Who may see them is what
# `persons.grants.open_to` says of a structure; the transaction's own scope says which structure it is.
_NOW: Final = bindparam("now", callable_=clock.now, type_=DateTime(timezone=True))
_OPEN_TO_THE_STRUCTURE: Final = exists().where(
    PersonGrant.caisse == Person.caisse,
    PersonGrant.person_id == Person.id,
    PersonGrant.holder_kind == HolderKind.STRUCTURE,
    PersonGrant.holder == func.current_setting("app.structure"),
    PersonGrant.purpose.in_([SUBMIT, FOLLOW]),
    PersonGrant.revoked_at.is_(None),
    PersonGrant.from_at <= _NOW,
    or_(PersonGrant.until_at.is_(None), PersonGrant.until_at > _NOW),
)
_NAMED_ROWS: Final[Rows] = (
    select(
        *LISTED,
        Person.number.label("person_number"),
        Person.first_names,
        Person.last_name,
        Person.birth_on,
        Person.phone,
        Person.city,
        PersonIdentifier.kind.label("identifier_kind"),
    )
    .select_from(Request)
    .outerjoin(
        Person,
        and_(Person.caisse == Request.caisse, Person.id == Request.person_id, _OPEN_TO_THE_STRUCTURE),
    )
    .outerjoin(
        PersonIdentifier,
        and_(
            PersonIdentifier.caisse == Person.caisse,
            PersonIdentifier.person_id == Person.id,
            PersonIdentifier.until_at.is_(None),
        ),
    )
)


def rows_for(actor: Actor) -> Rows:
    """Return what lists show of the requests that `actor` sees, and what abilities are computed from."""
    return reached_by(actor, _ROWS)


def named_rows_for(actor: Actor) -> Rows:
    """Return the same for a partner, with what a card shows of each person open to the structure."""
    return reached_by(actor, _NAMED_ROWS)


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


_DETAIL: Final[Rows] = select(
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
    *(c for c in MisasReferral.__table__.columns if c.key not in {"caisse", "request_id", "structure_id"}),
    _listed(RequestTransition, *RequestTransition.__table__.columns).label("history"),
    _listed(RequestMessage, *RequestMessage.__table__.columns).label("messages"),
).outerjoin(
    MisasReferral,
    and_(MisasReferral.caisse == Request.caisse, MisasReferral.request_id == Request.id),
)


async def detail(session: AsyncSession, actor: Actor, request_id: UUID) -> Row[*tuple[Any, ...]]:
    """Return one request with its form, its history and its messages, in one statement."""
    one = reached_by(actor, _DETAIL).where(Request.id == request_id)
    found = (await session.execute(one)).one_or_none()
    if found is None:
        raise RequestNotFound
    return found
