"""What happens to requests and appointments is told to their structure, or to the agent in charge of the request."""

from typing import Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from partners_service.notifications.kinds import NotificationKind
from partners_service.notifications.models import FollowedRequest
from partners_service.notifications.telling import About, tell_agent, tell_roles, tell_structure
from partners_service.roles import Role
from servicekit.facts import Published
from servicekit.follower import Follower
from servicekit.models import put


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


class DocumentAdded(_Part):
    """From which side."""

    side: Literal["partner", "caisse"]


class ConsentExpired(_Part):
    """Whether the request that rests on it still waits."""

    open: bool


class ConsentWithdrawn(_Part):
    """Who wrote the person's word down, and what it does to the request."""

    side: Literal["partner", "caisse", "system"]
    effect: str


class OfAppointment(_Part):
    """Which appointment, whose calendar it is in, from which request, and the structure that booked it."""

    appointment: UUID
    agent: UUID | None
    request: UUID | None
    structure: UUID | None


class Changed(_Part):
    """From which side it was moved or cancelled."""

    side: Literal["caisse", "partner", "system"]


class LetterMade(_Part):
    """Whether the structure is the one written to."""

    for_structure: bool


class RequestClosed(_Part):
    """Why."""

    reason: str


class Sided(_Part):
    """Which side acted."""

    side: str


class Silent(_Part):
    """How far it is told, and of which queue."""

    level: str
    queue: str


MANAGERS: Final = (Role.RESPONSABLE_UNITE, Role.COORDINATEUR)
MANAGERS_OF_SOCIAL_SERVICE: Final = (Role.MANAGER_SS, Role.RESPONSABLE_DEPARTEMENTALE)


async def on_taken(session: AsyncSession, fact: Published[OfRequest, Taken]) -> None:
    """An agent has it in charge; the structure is told the first time only."""
    known = {"caisse": fact.caisse, "request_id": fact.subject.request}
    first = await session.get(FollowedRequest, (fact.caisse, fact.subject.request)) is None
    await put(session, FollowedRequest, known, {"assigned_to": fact.payload.account})
    if first:
        await _to_structure(session, fact, NotificationKind.REQUEST_TAKEN)


async def on_released(session: AsyncSession, fact: Published[OfRequest, Nothing]) -> None:
    """Nobody has it in charge any more."""
    known = {"caisse": fact.caisse, "request_id": fact.subject.request}
    await put(session, FollowedRequest, known, {"assigned_to": None})


async def on_accepted(session: AsyncSession, fact: Published[OfRequest, Nothing]) -> None:
    """The mission takes the person on."""
    await _to_structure(session, fact, NotificationKind.REQUEST_ACCEPTED)


async def on_refused(session: AsyncSession, fact: Published[OfRequest, Nothing]) -> None:
    """The caisse does not take it on."""
    await _to_structure(session, fact, NotificationKind.REQUEST_REFUSED)


async def on_redirected(session: AsyncSession, fact: Published[OfRequest, Nothing]) -> None:
    """The caisse handed it to another service."""
    await _to_structure(session, fact, NotificationKind.REQUEST_REDIRECTED)


async def on_withdrawn(session: AsyncSession, fact: Published[OfRequest, Nothing]) -> None:
    """The structure took it back."""
    await _to_agent(session, fact, NotificationKind.REQUEST_WITHDRAWN)


async def on_message(session: AsyncSession, fact: Published[OfRequest, MessagePosted]) -> None:
    """One side wrote to the other."""
    if fact.payload.side == "caisse":
        await _to_structure(session, fact, NotificationKind.MESSAGE_FROM_CAISSE)
    else:
        await _to_agent(session, fact, NotificationKind.MESSAGE_FROM_PARTNER)


async def on_late(session: AsyncSession, fact: Published[OfRequest, Nothing]) -> None:
    """The first contact is late."""
    await _to_agent(session, fact, NotificationKind.FIRST_CONTACT_LATE)


async def on_completion_asked(session: AsyncSession, fact: Published[OfRequest, Nothing]) -> None:
    """The caisse named what is missing."""
    await _to_structure(session, fact, NotificationKind.COMPLETION_ASKED)


async def on_completed(session: AsyncSession, fact: Published[OfRequest, Nothing]) -> None:
    """The structure gave what was missing."""
    await _to_agent(session, fact, NotificationKind.REQUEST_COMPLETED)


async def on_answered(session: AsyncSession, fact: Published[OfRequest, Nothing]) -> None:
    """The caisse answered."""
    await _to_structure(session, fact, NotificationKind.REQUEST_ANSWERED)


async def on_closed(session: AsyncSession, fact: Published[OfRequest, RequestClosed]) -> None:
    """A request is over; whoever read its answer knows."""
    if fact.payload.reason != "answer_read":
        await _to_structure(session, fact, NotificationKind.REQUEST_CLOSED)


async def on_ended(session: AsyncSession, fact: Published[OfRequest, Nothing]) -> None:
    """The social service ended a report."""
    await _to_structure(session, fact, NotificationKind.REQUEST_CLOSED)


async def on_reopened(session: AsyncSession, fact: Published[OfRequest, Sided]) -> None:
    """An answered request waits again: nobody has it in charge, and the structure knows what it did itself."""
    known = {"caisse": fact.caisse, "request_id": fact.subject.request}
    await put(session, FollowedRequest, known, {"assigned_to": None})
    if fact.payload.side == "caisse":
        await _to_structure(session, fact, NotificationKind.REQUEST_REOPENED)


async def on_silent(session: AsyncSession, fact: Published[OfRequest, Silent]) -> None:
    """An answer is late: its agent first, then who shares the work out; the structure each time."""
    await _to_structure(session, fact, NotificationKind.REQUEST_LATE)
    if fact.payload.level == "service":
        await _to_agent(session, fact, NotificationKind.REQUEST_LATE)
    else:
        roles = MANAGERS_OF_SOCIAL_SERVICE if fact.payload.queue == "ss" else MANAGERS
        await tell_roles(session, fact, NotificationKind.REQUEST_LATE, _about(fact.subject), roles)


async def on_letter(session: AsyncSession, fact: Published[OfRequest, LetterMade]) -> None:
    """The caisse wrote to the structure."""
    if fact.payload.for_structure:
        await _to_structure(session, fact, NotificationKind.LETTER_RECEIVED)


async def on_document(session: AsyncSession, fact: Published[OfRequest, DocumentAdded]) -> None:
    """One side gave the other a document; those that come with a request are part of it."""
    if fact.payload.side == "caisse":
        await _to_structure(session, fact, NotificationKind.DOCUMENT_FROM_CAISSE)
    else:
        await _to_agent(session, fact, NotificationKind.DOCUMENT_FROM_PARTNER)


async def on_consent_withdrawn(session: AsyncSession, fact: Published[OfRequest, ConsentWithdrawn]) -> None:
    """The person took an agreement back: the other side is told, and whoever has the person in charge stops.

    A request that it withdrew is told to its agent by `request.withdrawn`.
    """
    if fact.payload.side != "partner":
        await _to_structure(session, fact, NotificationKind.CONSENT_WITHDRAWN)
    if fact.payload.effect != "request_withdrawn":
        await _to_agent(session, fact, NotificationKind.CONSENT_WITHDRAWN)


async def on_consent_expired(session: AsyncSession, fact: Published[OfRequest, ConsentExpired]) -> None:
    """An agreement came to its end; it is asked for again while the request waits."""
    if fact.payload.open:
        await _to_structure(session, fact, NotificationKind.CONSENT_EXPIRED)
        await _to_agent(session, fact, NotificationKind.CONSENT_EXPIRED)


async def on_moved(session: AsyncSession, fact: Published[OfAppointment, Changed]) -> None:
    """An appointment is at another time."""
    await _changed(session, fact, NotificationKind.APPOINTMENT_MOVED)


async def on_cancelled(session: AsyncSession, fact: Published[OfAppointment, Changed]) -> None:
    """An appointment will not take place."""
    await _changed(session, fact, NotificationKind.APPOINTMENT_CANCELLED)


async def _changed(session: AsyncSession, fact: Published[OfAppointment, Changed], kind: NotificationKind) -> None:
    if fact.payload.side != "partner":
        await _to_structure(session, fact, kind)
    elif fact.subject.agent is not None:
        about = _about(fact.subject)
        await tell_agent(session, fact, NotificationKind.APPOINTMENT_CHANGED_BY_PARTNER, about, fact.subject.agent)
    else:
        await _to_agent(session, fact, NotificationKind.APPOINTMENT_CHANGED_BY_PARTNER)


async def on_near(session: AsyncSession, fact: Published[OfAppointment, Nothing]) -> None:
    """An appointment that the structure booked is in two days."""
    await _to_structure(session, fact, NotificationKind.APPOINTMENT_NEAR)


Subject = OfRequest | OfAppointment


def _about(subject: Subject) -> About:
    return About(subject.request, subject.appointment if isinstance(subject, OfAppointment) else None)


async def _to_structure(session: AsyncSession, fact: Published[Any, Any], kind: NotificationKind) -> None:
    await tell_structure(session, fact, kind, _about(fact.subject), fact.subject.structure)


async def _to_agent(session: AsyncSession, fact: Published[Any, Any], kind: NotificationKind) -> None:
    charge = select(FollowedRequest.assigned_to).where(
        FollowedRequest.caisse == fact.caisse, FollowedRequest.request_id == fact.subject.request
    )
    await tell_agent(session, fact, kind, _about(fact.subject), await session.scalar(charge))


async def forget(session: AsyncSession) -> None:
    """Empty the read model, for a replay; what was told stays told, once."""
    await session.execute(delete(FollowedRequest))


def referrals() -> Follower:
    """Return the follower of `referrals`."""
    return Follower(
        "referrals",
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
            "request.completion_asked": on_completion_asked,
            "request.completed": on_completed,
            "request.answered": on_answered,
            "request.rejected": on_refused,
            "request.closed": on_closed,
            "request.reopened": on_reopened,
            "request.made_ordinary": on_redirected,
            "request.taken_on": on_accepted,
            "request.ended": on_ended,
            "request.silent": on_silent,
            "request.document_added": on_document,
            "consent.withdrawn": on_consent_withdrawn,
            "consent.expired": on_consent_expired,
        },
        forget=forget,
    )


def accompaniments() -> Follower:
    """Return the follower of `accompaniments`. Structures are told of the appointments they booked, of no other."""
    return Follower(
        "accompaniments",
        {
            "appointment.moved": on_moved,
            "appointment.cancelled": on_cancelled,
            "appointment.reminder_due": on_near,
        },
    )
