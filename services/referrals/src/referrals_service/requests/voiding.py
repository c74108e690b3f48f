"""A request entered in error: the wrong person, sent twice. It is kept, counts nowhere, and nobody acts on it."""

from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.requests import facts, queries
from referrals_service.requests.abilities import require_agent, require_partner
from referrals_service.requests.answering import leave_readable
from referrals_service.requests.codes import RequestKind, Side, Verb
from referrals_service.requests.filing import RESOURCE
from referrals_service.requests.models import By
from referrals_service.requests.reporting import stop_linked
from referrals_service.requests.schemas import VoidIn
from servicekit import clock, journal
from servicekit.access import Actor, Audience
from servicekit.facts import emit
from servicekit.writes import Receipt, require_version


async def void(session: AsyncSession, actor: Actor, request_id: UUID, version: int, given: VoidIn) -> Receipt:
    """Say that a request was entered in error, and why."""
    request = await queries.get_for_update(session, actor, request_id)
    partner = actor.audience is Audience.PARTNER
    if partner:
        require_partner(actor, request, Verb.VOID)
    else:
        require_agent(actor, request.standing, Verb.VOID)
    require_version(request.version, version)
    by = By.of(actor)
    session.add(request.step(Verb.VOID, by, clock.now(), message=given.message))
    if partner:
        request.unread_by_caisse += 1
    else:
        request.unread_by_partner += 1
    await session.flush()
    await leave_readable(session, request, actor.sub)
    await stop_linked(session, request)
    side: Literal["partner", "caisse"] = "partner" if by.side is Side.PARTNER else "caisse"
    payload = facts.Voided(kind=RequestKind(request.kind), side=side)
    emit(session, facts.RequestVoided(caisse=request.caisse, subject=request.subject, payload=payload))
    journal.change(session, "request.void", RESOURCE, request.id, subjects=[request.person_id])
    return Receipt(id=request.id, version=request.version, state=request.coarse if partner else request.state)
