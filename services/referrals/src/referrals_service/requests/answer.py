"""The adviser answers: the mission takes the person on, or does not and says where to go (MIS-04)."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons.grants import TRIAGE, Holder, grant, revoke, taken_over
from referrals_service.requests import facts, queries
from referrals_service.requests.abilities import require_agent
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import RefusalReason, RequestKind, Verb
from referrals_service.requests.filing import RESOURCE
from referrals_service.requests.front_door import settings_of
from referrals_service.requests.models import By, Request
from referrals_service.requests.schemas_agent import AcceptIn, RefuseIn
from servicekit import clock, journal
from servicekit.access import Actor
from servicekit.errors import Invalid
from servicekit.facts import emit
from servicekit.writes import Receipt, require_version

ELSEWHERE: Final = frozenset({RefusalReason.NOT_RELEVANT, RefusalReason.OTHER_SCHEME})
"""Reasons that mean somebody else should be asked: the partner is told whom."""


async def accept(session: AsyncSession, actor: Actor, request_id: UUID, version: int, given: AcceptIn) -> Receipt:
    """Take the person on. A case opens where accompaniments are kept, from the fact and the handover."""
    request = await to_decide(session, actor, request_id, version, Verb.ACCEPT)
    decided(session, request, actor, Verb.ACCEPT, message=given.message)
    await session.flush()
    if request.structure_id is not None:
        await taken_over(session, request.caisse, request.person_id, request.structure_id, by=actor.sub)
    assert request.assigned_to is not None  # noqa: S101 - only the agent in charge decides
    assert request.first_contact_due_on is not None  # noqa: S101 - set when the request was taken
    emit(
        session,
        facts.ReferralAccepted(
            caisse=request.caisse,
            subject=request.subject,
            payload=facts.Accepted(
                kind=RequestKind(request.kind),
                account=request.assigned_to,
                unit=request.unit,
                decision_days=request.decision_days or 0,
                first_contact_due_on=request.first_contact_due_on,
            ),
        ),
    )
    return _done(session, request, "request.accept")


async def refuse(session: AsyncSession, actor: Actor, request_id: UUID, version: int, given: RefuseIn) -> Receipt:
    """Do not take the person on. Raises `Invalid` when the partner would be left without an orientation."""
    request = await to_decide(session, actor, request_id, version, Verb.REFUSE)
    if given.reason in ELSEWHERE and given.orientation is None:
        message = "Indiquez vers qui orienter la personne."
        raise Invalid(message, errors=[{"field": "orientation", "message": message, "rule": "MIS-04"}])
    decided(
        session,
        request,
        actor,
        Verb.REFUSE,
        reason=given.reason,
        orientation=given.orientation,
        message=given.message,
    )
    await session.flush()
    settings = await settings_of(session, request.caisse, calendar_of(request.caisse).today())
    await revoke(session, request.caisse, by=actor.sub, person_id=request.person_id, origin=request.id)
    await grant(
        session,
        request.caisse,
        request.person_id,
        Holder.account(actor.sub),
        TRIAGE,
        by=actor.sub,
        until=clock.now() + timedelta(days=settings.refused_readable_days),
        origin=request.id,
    )
    emit(
        session,
        facts.RequestRefused(
            caisse=request.caisse,
            subject=request.subject,
            payload=facts.Refused(
                kind=RequestKind(request.kind),
                reason=given.reason,
                orientation=given.orientation,
                decision_days=request.decision_days or 0,
            ),
        ),
    )
    return _done(session, request, "request.refuse")


async def to_decide(session: AsyncSession, actor: Actor, request_id: UUID, version: int, verb: Verb) -> Request:
    """Return a request locked for the agent in charge, at the version that was read."""
    request = await queries.get_for_update(session, actor, request_id)
    require_agent(actor, request.standing, verb)
    require_version(request.version, version)
    return request


def decided(session: AsyncSession, request: Request, actor: Actor, verb: Verb, **why: str | None) -> None:
    """Move the request to its answer and stop its clock, in working days of the caisse."""
    at = clock.now()
    session.add(request.step(verb, By.of(actor), at, **why))
    count_decision(request, at)
    request.unread_by_partner += 1


def count_decision(request: Request, at: datetime) -> None:
    """Stop the request's clock, in working days of the caisse."""
    calendar = calendar_of(request.caisse)
    assert request.submitted_at is not None  # noqa: S101 - a draft cannot be decided
    request.decide(at, calendar.working_days(calendar.day_of(request.submitted_at), calendar.day_of(at)))


def _done(session: AsyncSession, request: Request, action: str) -> Receipt:
    journal.change(session, action, RESOURCE, request.id, subjects=[request.person_id])
    return Receipt(id=request.id, version=request.version, state=request.state)
