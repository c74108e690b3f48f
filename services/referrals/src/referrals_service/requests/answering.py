"""The caisse answers a request of the portal, or does not treat it and says where to go; either side reopens it.

An answered request closes once its sender has read it, or after the caisse's delay.
"""

from datetime import timedelta
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons.grants import TRIAGE, Holder, grant, revoke
from referrals_service.requests import facts, queries
from referrals_service.requests.abilities import require_agent, require_partner
from referrals_service.requests.answer import decided, to_decide
from referrals_service.requests.caisse_calendar import Delay, calendar_of
from referrals_service.requests.codes import (
    OUTCOMES,
    ClosingReason,
    Queue,
    RejectionReason,
    RequestKind,
    Side,
    Verb,
)
from referrals_service.requests.completing import resume, settings_delay_kind
from referrals_service.requests.filing import RESOURCE, AlreadyOpen, open_to_queue
from referrals_service.requests.front_door import settings_of
from referrals_service.requests.models import By, Request
from referrals_service.requests.schemas import ReopenIn
from referrals_service.requests.schemas_agent import AnswerIn, RejectIn
from servicekit import clock, journal
from servicekit.access import Actor, Audience
from servicekit.errors import Conflict, Invalid
from servicekit.facts import emit
from servicekit.workdays import DayKind
from servicekit.writes import Receipt, require_version

ELSEWHERE: Final = frozenset({RejectionReason.WRONG_MOTIVE, RejectionReason.NOT_INSURED_HERE})
"""Reasons that mean somebody else should be asked: the partner is told whom."""


class ReopeningTooLate(Conflict):
    """The delay in which an answered request may be reopened has passed."""

    slug = "reopening-too-late"
    title = "Délai de réouverture dépassé"

    def __init__(self, days: int) -> None:
        super().__init__(
            f"Une demande se rouvre dans les {days} jours qui suivent la réponse. Envoyez une nouvelle demande."
        )


async def answer(session: AsyncSession, actor: Actor, request_id: UUID, version: int, given: AnswerIn) -> Receipt:
    """Answer a request: what it comes to, in words, with the documents already addressed to the sender."""
    request = await to_decide(session, actor, request_id, version, Verb.ANSWER)
    kind = RequestKind(request.kind)
    if given.outcome not in OUTCOMES[kind]:
        message = "Ce résultat n'est pas de ceux de cette demande."
        raise Invalid(message, errors=[{"field": "outcome", "message": message}])
    resume(request, await settings_delay_kind(session, request))
    settings = await settings_of(session, request.caisse, calendar_of(request.caisse).today())
    request.lapses_on = _in_days(request, settings.answer_read_days)
    decided(session, request, actor, Verb.ANSWER, reason=given.outcome, message=given.message)
    await session.flush()
    payload = facts.Answered(kind=kind, outcome=given.outcome, decision_days=request.decision_days or 0)
    emit(session, facts.RequestAnswered(caisse=request.caisse, subject=request.subject, payload=payload))
    return _done(session, request, "request.answer")


async def reject(session: AsyncSession, actor: Actor, request_id: UUID, version: int, given: RejectIn) -> Receipt:
    """Do not treat a request. Raises `Invalid` when the partner would be left without an orientation."""
    request = await to_decide(session, actor, request_id, version, Verb.REJECT)
    if given.reason in ELSEWHERE and given.orientation is None:
        message = "Indiquez vers qui orienter la personne."
        raise Invalid(message, errors=[{"field": "orientation", "message": message}])
    resume(request, await settings_delay_kind(session, request))
    decided(
        session,
        request,
        actor,
        Verb.REJECT,
        reason=given.reason,
        orientation=given.orientation,
        message=given.message,
    )
    await session.flush()
    await leave_readable(session, request, actor.sub)
    payload = facts.Rejected(
        kind=RequestKind(request.kind),
        reason=given.reason,
        orientation=given.orientation,
        decision_days=request.decision_days or 0,
    )
    emit(session, facts.RequestRejected(caisse=request.caisse, subject=request.subject, payload=payload))
    return _done(session, request, "request.reject")


async def close_read(session: AsyncSession, actor: Actor, request_id: UUID, version: int) -> Receipt:
    """Close an answered request: its sender has read the answer."""
    request = await queries.get_for_update(session, actor, request_id)
    require_partner(actor, request, Verb.CLOSE)
    require_version(request.version, version)
    await close(session, request, By.of(actor), ClosingReason.ANSWER_READ)
    journal.change(session, "request.close", RESOURCE, request.id, subjects=[request.person_id])
    return Receipt(id=request.id, version=request.version, state=request.coarse)


async def close(session: AsyncSession, request: Request, by: By, reason: ClosingReason) -> None:
    """Close a locked request; nobody at the caisse goes on seeing the person through it."""
    session.add(request.step(Verb.CLOSE, by, clock.now(), reason=reason))
    if by.side is Side.SYSTEM and reason is ClosingReason.INCOMPLETE:
        request.unread_by_partner += 1
    await session.flush()
    await leave_readable(session, request, by.actor)
    payload = facts.Closed(kind=RequestKind(request.kind), reason=reason)
    emit(session, facts.RequestClosed(caisse=request.caisse, subject=request.subject, payload=payload))


async def leave_readable(session: AsyncSession, request: Request, by: str) -> None:
    """Take the person from whoever saw them through a request that is over, but for some days from its agent."""
    settings = await settings_of(session, request.caisse, calendar_of(request.caisse).today())
    await revoke(session, request.caisse, by=by, person_id=request.person_id, origin=request.id)
    if request.assigned_to is None:
        return
    await grant(
        session,
        request.caisse,
        request.person_id,
        Holder.account(str(request.assigned_to)),
        TRIAGE,
        by=by,
        until=clock.now() + timedelta(days=settings.refused_readable_days),
        origin=request.id,
    )


async def reopen(session: AsyncSession, actor: Actor, request_id: UUID, version: int, given: ReopenIn) -> Receipt:
    """Put an answered request back in its queue, with a new delay; whoever is free takes it.

    Raises `ReopeningTooLate`, `AlreadyOpen` when the same step was asked for since.
    """
    request = await queries.get_for_update(session, actor, request_id)
    if actor.audience is Audience.PARTNER:
        require_partner(actor, request, Verb.REOPEN)
    else:
        require_agent(actor, request.standing, Verb.REOPEN)
    require_version(request.version, version)
    calendar = calendar_of(request.caisse)
    today = calendar.today()
    settings = await settings_of(session, request.caisse, today)
    if calendar.day_of(request.last_event_at) + timedelta(days=settings.reopening_days) < today:
        raise ReopeningTooLate(settings.reopening_days)
    if await queries.same_step_is_open(session, request):
        raise AlreadyOpen("Une autre demande du même type est en cours pour cette personne.", rule="ESP-13")
    kind = RequestKind.URGENT if request.urgent else RequestKind(request.kind)
    by = By.of(actor)
    request.decided_at, request.decision_days = None, None
    request.assigned_to = None
    request.due_on = calendar.deadline(today, settings.review_delay(kind).delay)
    request.silence = 0
    session.add(request.step(Verb.REOPEN, by, clock.now(), message=given.message))
    if by.side is Side.PARTNER:
        request.unread_by_caisse += 1
    else:
        request.unread_by_partner += 1
    await session.flush()
    await open_to_queue(
        session,
        request.caisse,
        request.person_id,
        queue=Queue(request.queue),
        department=calendar.department,
        origin=request.id,
        by=actor.sub,
    )
    side: Literal["partner", "caisse"] = "partner" if by.side is Side.PARTNER else "caisse"
    payload = facts.Reopened(kind=RequestKind(request.kind), side=side, due_on=request.due_on)
    emit(session, facts.RequestReopened(caisse=request.caisse, subject=request.subject, payload=payload))
    return _done(session, request, "request.reopen", partner=actor.audience is Audience.PARTNER)


def _in_days(request: Request, days: int) -> Any:
    calendar = calendar_of(request.caisse)
    return calendar.deadline(calendar.today(), Delay(days, DayKind.CALENDAR))


def _done(session: AsyncSession, request: Request, action: str, *, partner: bool = False) -> Receipt:
    journal.change(session, action, RESOURCE, request.id, subjects=[request.person_id])
    return Receipt(id=request.id, version=request.version, state=request.coarse if partner else request.state)
