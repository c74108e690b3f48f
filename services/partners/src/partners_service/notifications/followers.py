"""Following `referrals`: what happens to a request is told to its structure, or to the agent in charge."""

from typing import Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from partners_service.notifications.kinds import Kind
from partners_service.notifications.models import FollowedRequest
from partners_service.notifications.telling import tell_agent, tell_structure
from servicekit.facts import Published
from servicekit.follower import Follower
from servicekit.models import put

SOURCE: Final = "referrals"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class OfRequest(_Part):
    """Which request, and the structure that sent it."""

    request: UUID
    structure: UUID | None


class Nothing(_Part):
    """A payload that is not needed."""


class Taken(_Part):
    """Who has it in charge now."""

    account: UUID


class MessagePosted(_Part):
    """From which side."""

    side: Literal["partner", "caisse"]


class LetterMade(_Part):
    """Whether the structure is the one written to."""

    for_structure: bool


async def on_taken(session: AsyncSession, fact: Published[OfRequest, Taken]) -> None:
    """An agent has it in charge; the structure is told the first time only."""
    known = {"caisse": fact.caisse, "request_id": fact.subject.request}
    first = await session.get(FollowedRequest, (fact.caisse, fact.subject.request)) is None
    await put(session, FollowedRequest, known, {"assigned_to": fact.payload.account})
    if first:
        await tell_structure(session, fact, Kind.REQUEST_TAKEN, fact.subject.request, fact.subject.structure)


async def on_released(session: AsyncSession, fact: Published[OfRequest, Nothing]) -> None:
    """Nobody has it in charge any more."""
    known = {"caisse": fact.caisse, "request_id": fact.subject.request}
    await put(session, FollowedRequest, known, {"assigned_to": None})


async def on_accepted(session: AsyncSession, fact: Published[OfRequest, Nothing]) -> None:
    """The mission takes the person on."""
    await _to_structure(session, fact, Kind.REQUEST_ACCEPTED)


async def on_refused(session: AsyncSession, fact: Published[OfRequest, Nothing]) -> None:
    """The caisse does not take it on."""
    await _to_structure(session, fact, Kind.REQUEST_REFUSED)


async def on_redirected(session: AsyncSession, fact: Published[OfRequest, Nothing]) -> None:
    """The caisse handed it to another service."""
    await _to_structure(session, fact, Kind.REQUEST_REDIRECTED)


async def on_withdrawn(session: AsyncSession, fact: Published[OfRequest, Nothing]) -> None:
    """The structure took it back."""
    await _to_agent(session, fact, Kind.REQUEST_WITHDRAWN)


async def on_message(session: AsyncSession, fact: Published[OfRequest, MessagePosted]) -> None:
    """One side wrote to the other."""
    if fact.payload.side == "caisse":
        await _to_structure(session, fact, Kind.MESSAGE_FROM_CAISSE)
    else:
        await _to_agent(session, fact, Kind.MESSAGE_FROM_PARTNER)


async def on_late(session: AsyncSession, fact: Published[OfRequest, Nothing]) -> None:
    """The first contact is late."""
    await _to_agent(session, fact, Kind.FIRST_CONTACT_LATE)


async def on_letter(session: AsyncSession, fact: Published[OfRequest, LetterMade]) -> None:
    """The caisse wrote to the structure."""
    if fact.payload.for_structure:
        await _to_structure(session, fact, Kind.LETTER_RECEIVED)


async def _to_structure(session: AsyncSession, fact: Published[OfRequest, Any], kind: Kind) -> None:
    await tell_structure(session, fact, kind, fact.subject.request, fact.subject.structure)


async def _to_agent(session: AsyncSession, fact: Published[OfRequest, Any], kind: Kind) -> None:
    charge = select(FollowedRequest.assigned_to).where(
        FollowedRequest.caisse == fact.caisse, FollowedRequest.request_id == fact.subject.request
    )
    await tell_agent(session, fact, kind, fact.subject.request, await session.scalar(charge))


async def forget(session: AsyncSession) -> None:
    """Empty the read model, for a replay; what was told stays told, once."""
    await session.execute(delete(FollowedRequest))


def referrals() -> Follower:
    """Return the follower of `referrals`. A fact of another noun (`appointment.…`) is passed over."""
    return Follower(
        SOURCE,
        {
            "request.taken": on_taken,
            "request.released": on_released,
            "referral.accepted": on_accepted,
            "request.refused": on_refused,
            "request.redirected": on_redirected,
            "request.withdrawn": on_withdrawn,
            "request.message_posted": on_message,
            "request.first_contact_late": on_late,
            "request.letter_made": on_letter,
        },
        forget=forget,
    )
