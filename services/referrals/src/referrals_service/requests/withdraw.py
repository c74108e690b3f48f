"""The sender takes a request back, as long as the caisse has not answered."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons.grants import revoke
from referrals_service.requests import facts, queries
from referrals_service.requests.codes import RequestKind, Verb
from referrals_service.requests.filing import RESOURCE
from referrals_service.requests.models import By
from referrals_service.requests.reporting import stop_linked
from referrals_service.requests.schemas import WithdrawIn
from servicekit import clock, journal
from servicekit.access import Actor
from servicekit.facts import emit
from servicekit.writes import Receipt, require_version


async def withdraw(session: AsyncSession, actor: Actor, request_id: UUID, version: int, given: WithdrawIn) -> Receipt:
    """Take a request back: nobody at the caisse sees the person through it any longer."""
    request = await queries.get_for_update(session, actor, request_id)
    request.lifecycle.after(request.state, Verb.WITHDRAW)
    require_version(request.version, version)
    session.add(request.step(Verb.WITHDRAW, By.of(actor), clock.now(), reason=given.reason, message=given.message))
    request.unread_by_caisse += 1
    await session.flush()
    await revoke(session, request.caisse, by=actor.sub, person_id=request.person_id, origin=request.id)
    await stop_linked(session, request)
    emit(
        session,
        facts.RequestWithdrawn(
            caisse=request.caisse,
            subject=request.subject,
            payload=facts.Withdrawn(kind=RequestKind(request.kind), reason=given.reason),
        ),
    )
    journal.change(session, "request.withdraw", RESOURCE, request.id, subjects=[request.person_id])
    return Receipt(id=request.id, version=request.version, state=request.coarse)
