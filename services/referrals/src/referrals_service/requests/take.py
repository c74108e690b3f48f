"""Who has a request in charge: taken by an agent, one or several at once, given to a colleague, left behind.

Two agents who take one request at once wait for each other on its row; the second is told who was first.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.network.models import AgentAssignment, ShutAccount
from referrals_service.persons.grants import TRIAGE, Holder, grant, revoke
from referrals_service.requests import facts, queries
from referrals_service.requests.abilities import QUEUE_ROLES, require_agent
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.caisse_settings import CaisseSettings
from referrals_service.requests.codes import Queue, RequestKind, Verb
from referrals_service.requests.companions import RequestTransition
from referrals_service.requests.filing import RESOURCE, open_to_queue
from referrals_service.requests.front_door import settings_of
from referrals_service.requests.models import By, Request
from referrals_service.requests.schemas_agent import NotTaken, TakenSeveral
from servicekit import clock, journal
from servicekit.access import Actor
from servicekit.errors import Conflict, DomainError, Invalid
from servicekit.facts import emit
from servicekit.writes import Receipt, require_version

_TOKENS_LIVE: Final = timedelta(minutes=1)
_SHUT: Final = exists().where(ShutAccount.account == AgentAssignment.account)


class AlreadyTaken(Conflict):
    """Somebody else took it first."""

    slug = "already-taken"
    title = "Demande déjà prise"

    def __init__(self, account: UUID, *, mine: bool) -> None:
        detail = "Vous avez déjà cette demande en charge." if mine else "Un collègue vient de prendre cette demande."
        super().__init__(detail, taken_by=str(account))


async def take(session: AsyncSession, actor: Actor, request_id: UUID, version: int) -> Receipt:
    """Take a request that waits. Raises `AlreadyTaken` before anything else: that is what a race looks like."""
    request = await queries.get_for_update(session, actor, request_id)
    _require_waiting(actor, request)
    require_version(request.version, version)
    today = calendar_of(actor.caisse).today()
    await _hand(session, request, actor, actor.account_id, actor.unit, await settings_of(session, actor.caisse, today))
    journal.change(session, "request.take", RESOURCE, request.id, subjects=[request.person_id])
    return Receipt(id=request.id, version=request.version, state=request.state)


async def take_several(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> TakenSeveral:
    """Take those of `ids` that still wait, and say of each other one why not."""
    found = {request.id: request for request in await queries.several_for_update(session, actor, ids)}
    settings = await settings_of(session, actor.caisse, calendar_of(actor.caisse).today())
    taken: list[Receipt] = []
    refused: list[NotTaken] = []
    for request_id in dict.fromkeys(ids):
        request = found.get(request_id)
        try:
            if request is None:
                raise queries.RequestNotFound
            _require_waiting(actor, request)
        except DomainError as refusal:
            refused.append(NotTaken(id=request_id, reason=refusal.slug, detail=refusal.detail))
            continue
        await _hand(session, request, actor, actor.account_id, actor.unit, settings)
        taken.append(Receipt(id=request.id, version=request.version, state=request.state))
    for receipt in taken:
        journal.change(session, "request.take", RESOURCE, receipt.id, subjects=[found[receipt.id].person_id])
    return TakenSeveral(taken=taken, refused=refused)


async def assign(session: AsyncSession, actor: Actor, request_id: UUID, version: int, account: UUID) -> Receipt:
    """Give a request to a colleague who works on its queue; the one who had it loses sight of the person."""
    request = await queries.get_for_update(session, actor, request_id)
    require_agent(actor, request.standing, Verb.ASSIGN)
    require_version(request.version, version)
    today = calendar_of(actor.caisse).today()
    unit = await _unit_of(session, actor.caisse, account, Queue(request.queue), today)
    if request.assigned_to == account:
        raise Invalid(
            "Cette personne a déjà la demande en charge.",
            errors=[{"field": "account_id", "message": "Cette personne a déjà la demande en charge."}],
        )
    settings = await settings_of(session, actor.caisse, today)
    await _hand(session, request, actor, account, unit, settings, verb=Verb.ASSIGN)
    journal.change(session, "request.assign", RESOURCE, request.id, subjects=[request.person_id])
    return Receipt(id=request.id, version=request.version, state=request.state)


async def release(session: AsyncSession, request: Request) -> None:
    """Put a locked request back where colleagues see it, because the agent in charge left the caisse."""
    account = request.assigned_to
    assert account is not None  # noqa: S101 - asked for by whoever calls
    by = By.system()
    await revoke(session, request.caisse, by=by.actor, to=Holder.account(account), origin=request.id)
    session.add(request.step(Verb.RELEASE, by, clock.now(), assignee=account))
    request.assigned_to = None
    await open_to_queue(
        session,
        request.caisse,
        request.person_id,
        queue=Queue(request.queue),
        department=calendar_of(request.caisse).department,
        origin=request.id,
        by=by.actor,
    )
    emit(
        session,
        facts.RequestReleased(
            caisse=request.caisse,
            subject=request.subject,
            payload=facts.Released(kind=RequestKind(request.kind), account=account),
        ),
    )


async def release_left(session: AsyncSession, caisse: str, account: UUID, left_at: datetime) -> None:
    """Put back what somebody has in charge and can no longer have: a role ended, or the account shut, at `left_at`.

    What was given to them after that, but for the minute a token lives, came with another role: it stays, even
    when the end is read again later.
    """
    roles = await _roles_of(session, caisse, account)
    handed_since = exists().where(
        RequestTransition.caisse == Request.caisse,
        RequestTransition.request_id == Request.id,
        RequestTransition.assignee == account,
        RequestTransition.verb.in_([Verb.TAKE, Verb.ASSIGN]),
        RequestTransition.at > left_at + _TOKENS_LIVE,
    )
    held = (
        select(Request)
        .where(Request.caisse == caisse, Request.assigned_to == account, ~handed_since)
        .order_by(Request.id)
        .with_for_update()
    )
    for request in (await session.scalars(held)).all():
        if request.lifecycle.allows(request.state, Verb.RELEASE) and not roles & QUEUE_ROLES[Queue(request.queue)]:
            await release(session, request)


async def _roles_of(session: AsyncSession, caisse: str, account: UUID) -> frozenset[str]:
    """Return the roles somebody may act in, today or from a day to come."""
    held = select(AgentAssignment.role).where(
        AgentAssignment.caisse == caisse,
        AgentAssignment.account == account,
        or_(AgentAssignment.until_on.is_(None), AgentAssignment.until_on >= calendar_of(caisse).today()),
        AgentAssignment.ended_on.is_(None),
        ~_SHUT,
    )
    return frozenset((await session.scalars(held)).all())


def _require_waiting(actor: Actor, request: Request) -> None:
    if request.assigned_to is not None and request.lifecycle.allows(request.state, Verb.TAKE):
        raise AlreadyTaken(request.assigned_to, mine=str(request.assigned_to) == actor.sub)
    require_agent(actor, request.standing, Verb.TAKE)


async def _hand(
    session: AsyncSession,
    request: Request,
    actor: Actor,
    account: UUID,
    unit: str | None,
    settings: CaisseSettings,
    *,
    verb: Verb = Verb.TAKE,
) -> None:
    """Make `account` the agent in charge: from then on the person is open to that account alone."""
    at = clock.now()
    session.add(request.step(verb, By.of(actor), at, assignee=account))
    request.assigned_to, request.unit = account, unit
    if request.taken_at is None:
        request.taken_at = at
        calendar = calendar_of(request.caisse)
        if request.is_open and request.kind == RequestKind.MISAS_REFERRAL:
            # Workflows, section 3: the clock of the first contact starts when the request is taken.
            request.first_contact_due_on = calendar.deadline(calendar.day_of(at), settings.misas_first_contact.delay)
    await session.flush()
    await revoke(session, request.caisse, by=actor.sub, person_id=request.person_id, origin=request.id)
    await grant(
        session,
        request.caisse,
        request.person_id,
        Holder.account(account),
        TRIAGE,
        by=actor.sub,
        origin=request.id,
    )
    emit(
        session,
        facts.RequestTaken(
            caisse=request.caisse,
            subject=request.subject,
            payload=facts.Taken(kind=RequestKind(request.kind), account=account, unit=unit),
        ),
    )


async def _unit_of(session: AsyncSession, caisse: str, account: UUID, queue: Queue, today: date) -> str | None:
    """Return the unit of an agent who works on `queue` today; refuse anybody else."""
    held = select(AgentAssignment.unit).where(
        AgentAssignment.caisse == caisse,
        AgentAssignment.account == account,
        AgentAssignment.role.in_(sorted(QUEUE_ROLES[queue])),
        AgentAssignment.from_on <= today,
        or_(AgentAssignment.until_on.is_(None), AgentAssignment.until_on >= today),
        AgentAssignment.ended_on.is_(None),
        ~_SHUT,
    )
    found = (await session.scalars(held.limit(1))).all()
    if not found:
        message = "Choisissez un agent de votre caisse qui travaille sur cette file."
        raise Invalid(message, errors=[{"field": "account_id", "message": message}])
    return found[0]
