"""A report to the social service reaches the body that carries it, and what it did of it comes back (SS-11).

Where the social service is another body, the report opens there at once as a linked request. Its sender goes on
following the caisse's own, which moves with it: received, taken on, ended, and never more.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.jobs import jobs
from referrals_service.persons.grants import revoke
from referrals_service.requests import facts
from referrals_service.requests.answer import count_decision, to_decide
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import RequestKind, RequestState, Verb
from referrals_service.requests.filing import RESOURCE
from referrals_service.requests.models import By, Request
from referrals_service.requests.transfer import open_transferred
from servicekit import clock, journal
from servicekit.access import Actor
from servicekit.facts import emit
from servicekit.jobs import defer
from servicekit.writes import Receipt

_SHOWN: Final = {RequestState.TAKEN_ON: Verb.TAKE_ON, RequestState.ENDED: Verb.END}
_STOPPED: Final = frozenset({RequestState.WITHDRAWN, RequestState.ENTERED_IN_ERROR})


async def pass_to_social_service(session: AsyncSession, caisse: str, request_id: UUID, kind: RequestKind) -> None:
    """Have a report that was just sent open in the body that carries the social service, if it is another one."""
    body = calendar_of(caisse).social_service
    if kind is RequestKind.SS_REFERRAL and body is not None and body != caisse:
        await defer(session, open_transferred, caisse=caisse, request_id=request_id, body=body)


async def take_on(session: AsyncSession, actor: Actor, request_id: UUID, version: int) -> Receipt:
    """Take the person on: the sender is told that, and nothing of the situation (SS-11)."""
    return await _move(session, actor, request_id, version, Verb.TAKE_ON)


async def end(session: AsyncSession, actor: Actor, request_id: UUID, version: int) -> Receipt:
    """End a report, taken on or not: the sender is told that it is over, never why (SS-11)."""
    return await _move(session, actor, request_id, version, Verb.END)


async def _move(session: AsyncSession, actor: Actor, request_id: UUID, version: int, verb: Verb) -> Receipt:
    request = await to_decide(session, actor, request_id, version, verb)
    _show(session, request, verb, By.of(actor))
    await session.flush()
    if verb is Verb.END:
        await revoke(session, request.caisse, by=actor.sub, person_id=request.person_id, origin=request.id)
    if request.origin_id is not None:
        await defer(session, mirror, caisse=request.caisse, request_id=request.id)
    journal.change(session, f"request.{verb}", RESOURCE, request.id, subjects=[request.person_id])
    return Receipt(id=request.id, version=request.version, state=request.state)


def _show(session: AsyncSession, request: Request, verb: Verb, by: By) -> None:
    at = clock.now()
    session.add(request.step(verb, by, at))
    if request.decided_at is None:
        count_decision(request, at)
    request.unread_by_partner += 1
    payload = facts.SocialMoved(kind=RequestKind(request.kind))
    fact = facts.RequestTakenOn if verb is Verb.TAKE_ON else facts.RequestEnded
    emit(session, fact(caisse=request.caisse, subject=request.subject, payload=payload))


@jobs.task("requests.mirror")
async def mirror(session: AsyncSession, caisse: str, request_id: UUID) -> None:
    """Show the sender where the linked report stands; once it is shown, running again changes nothing."""
    linked = (await session.scalars(select(Request).where(Request.caisse == caisse, Request.id == request_id))).one()
    origin = (
        await session.scalars(
            select(Request)
            .where(Request.caisse == linked.origin_caisse, Request.id == linked.origin_id)
            .with_for_update()
        )
    ).one()
    verb = _SHOWN.get(RequestState(linked.state))
    if verb is not None and origin.state != linked.state and origin.lifecycle.allows(origin.state, verb):
        _show(session, origin, verb, By.system())


async def stop_linked(session: AsyncSession, request: Request) -> None:
    """Have the linked report stop with the one that its sender took back."""
    if request.kind == RequestKind.SS_REFERRAL:
        await defer(session, stop, caisse=request.caisse, request_id=request.id)


@jobs.task("requests.stop_linked")
async def stop(session: AsyncSession, caisse: str, request_id: UUID) -> None:
    """Take back what opened elsewhere from a report that was taken back."""
    origin = (await session.scalars(select(Request).where(Request.caisse == caisse, Request.id == request_id))).one()
    linked = (
        await session.scalars(
            select(Request).where(Request.origin_caisse == caisse, Request.origin_id == request_id).with_for_update()
        )
    ).one_or_none()
    if linked is None or origin.state not in _STOPPED or not linked.lifecycle.allows(linked.state, Verb.WITHDRAW):
        return
    by = By.system()
    session.add(linked.step(Verb.WITHDRAW, by, clock.now()))
    linked.assigned_to = None
    await session.flush()
    await revoke(session, linked.caisse, by=by.actor, person_id=linked.person_id, origin=linked.id)
