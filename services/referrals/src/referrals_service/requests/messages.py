"""Messages between the sender and the caisse. They add to a request and change no version of it."""

from typing import Final, Literal
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.requests import facts, free_text, queries
from referrals_service.requests.abilities import agent_abilities, partner_abilities
from referrals_service.requests.codes import RequestKind, Side
from referrals_service.requests.companions import RequestMessage
from referrals_service.requests.filing import RESOURCE
from referrals_service.requests.lifecycle import TransitionRefused
from referrals_service.requests.models import By, Request
from referrals_service.requests.schemas import MessageReceipt, Notice
from servicekit import clock, journal
from servicekit.access import Actor, Audience
from servicekit.db import new_id
from servicekit.errors import Forbidden
from servicekit.facts import emit
from servicekit.writes import Receipt

EVENT: Final = "message"


async def post(
    session: AsyncSession, actor: Actor, request_id: UUID, text: str, *, expects_answer: bool
) -> MessageReceipt:
    """Write to the other side; the receipt's id is the message's (ESP-14: it says what the text should not hold)."""
    request = await queries.get_for_update(session, actor, request_id)
    _require_conversation(actor, request)
    at, by = clock.now(), By.of(actor)
    message = RequestMessage(
        caisse=request.caisse,
        request_id=request.id,
        id=new_id(),
        structure_id=request.structure_id,
        at=at,
        side=by.side,
        author=actor.sub,
        text=text,
        expects_answer=expects_answer,
    )
    session.add(message)
    request.touch(EVENT, at)
    request.hand_turn(by.side, expects_answer=expects_answer)
    if by.side is Side.PARTNER:
        request.unread_by_caisse += 1
    else:
        request.unread_by_partner += 1
    await session.flush()
    side: Literal["partner", "caisse"] = "partner" if by.side is Side.PARTNER else "caisse"
    emit(
        session,
        facts.RequestMessagePosted(
            caisse=request.caisse,
            subject=request.subject,
            payload=facts.MessagePosted(kind=RequestKind(request.kind), side=side, expects_answer=expects_answer),
        ),
    )
    journal.change(session, "request.message", RESOURCE, request.id, subjects=[request.person_id], after={"text": text})
    told = [Notice(field="text", message=remark, rule=free_text.RULE) for remark in free_text.remarks(text)]
    return MessageReceipt(id=message.id, version=request.version, state=_shown(actor, request), warnings=told)


async def mark_read(session: AsyncSession, actor: Actor, request_id: UUID) -> Receipt:
    """Note that this side has seen what the other wrote and did up to now.

    On the caisse's side only the agent in charge reads for it; a colleague's glance marks nothing.
    """
    request = await queries.get_for_update(session, actor, request_id)
    by = By.of(actor)
    theirs = Side.CAISSE if by.side is Side.PARTNER else Side.PARTNER
    if by.side is Side.CAISSE and str(request.assigned_to) != actor.sub:
        raise Forbidden("Seul l'agent chargé de la demande peut la marquer comme lue.")
    await session.execute(
        update(RequestMessage)
        .where(
            RequestMessage.caisse == request.caisse,
            RequestMessage.request_id == request.id,
            RequestMessage.side == theirs,
            RequestMessage.read_at.is_(None),
        )
        .values(read_at=clock.now(), read_by=actor.sub),
        execution_options={"synchronize_session": False},
    )
    if by.side is Side.PARTNER:
        request.unread_by_partner = 0
    else:
        request.unread_by_caisse = 0
    journal.change(session, "request.read", RESOURCE, request.id, subjects=[request.person_id])
    return Receipt(id=request.id, version=request.version, state=_shown(actor, request))


def _require_conversation(actor: Actor, request: Request) -> None:
    if request.state not in request.lifecycle.conversation:
        raise TransitionRefused("On ne peut plus écrire sur cette demande.")
    abilities = (
        partner_abilities(actor.role, request.lifecycle, request.state)
        if actor.audience is Audience.PARTNER
        else agent_abilities(actor, request.standing)
    )
    if not abilities.write:
        raise Forbidden("Seul l'agent chargé de la demande peut écrire au partenaire.")


def _shown(actor: Actor, request: Request) -> str:
    return request.coarse if actor.audience is Audience.PARTNER else request.state
