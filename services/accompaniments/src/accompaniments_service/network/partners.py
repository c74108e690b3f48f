"""Following `partners`: bodies, structures and agents."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from accompaniments_service.calendars.models import CalendarFeed
from accompaniments_service.network.models import AgentAssignment, BodyClock, PartnerStructure
from servicekit.facts import Published
from servicekit.follower import Follower, Handler
from servicekit.models import put

STATES: Final = {
    "structure.registration_requested": "registration_requested",
    "structure.refused": "refused",
    "structure.approved": "approved",
    "structure.activated": "active",
    "structure.suspended": "suspended",
    "structure.reactivated": "active",
    "structure.closed": "closed",
}
"""What each fact about a structure's state makes of it."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Nothing(_Part):
    """A part that is not needed."""


class Body(_Part):
    """Where a body is; the first department is the one whose holidays it keeps."""

    departments: Sequence[str] = Field(min_length=1)
    time_zone: str


class OfStructure(_Part):
    """Which structure."""

    structure: UUID


class Registered(_Part):
    """How a structure entered."""

    state: str


class OfAssignment(_Part):
    """Whose role."""

    assignment: UUID
    account: UUID


class OfAccount(_Part):
    """Whose account."""

    account: UUID


class Granted(_Part):
    """Which role, for whom, from when until when."""

    role: str
    audience: str
    unit: str | None
    from_on: date
    until_on: date | None


class Ended(_Part):
    """From which day it is no longer held."""

    ended_on: date


async def on_described(session: AsyncSession, fact: Published[Nothing, Body]) -> None:
    """A body is where it says."""
    said = {"department": fact.payload.departments[0], "time_zone": fact.payload.time_zone}
    await put(session, BodyClock, {"caisse": fact.caisse}, said)


async def on_registered(session: AsyncSession, fact: Published[OfStructure, Registered]) -> None:
    """A structure exists."""
    known = {"caisse": fact.caisse, "structure_id": fact.subject.structure}
    await put(session, PartnerStructure, known, {"state": fact.payload.state})


async def on_state(session: AsyncSession, fact: Published[OfStructure, Nothing]) -> None:
    """A structure's state changed; the type says to which."""
    ours = (PartnerStructure.caisse == fact.caisse, PartnerStructure.structure_id == fact.subject.structure)
    await session.execute(update(PartnerStructure).where(*ours).values(state=STATES[fact.type]))


async def on_assigned(session: AsyncSession, fact: Published[OfAssignment, Granted]) -> None:
    """An account holds a role; only agents' roles are kept."""
    if fact.payload.audience != "agent":
        return
    known = {"caisse": fact.caisse, "id": fact.subject.assignment}
    said: dict[str, Any] = {"account": fact.subject.account, **fact.payload.model_dump(exclude={"audience"})}
    await put(session, AgentAssignment, known, said)


async def on_assignment_ended(session: AsyncSession, fact: Published[OfAssignment, Ended]) -> None:
    """A role was taken back."""
    ours = (AgentAssignment.caisse == fact.caisse, AgentAssignment.id == fact.subject.assignment)
    await session.execute(update(AgentAssignment).where(*ours).values(ended_on=fact.payload.ended_on))


async def on_account_shut(session: AsyncSession, fact: Published[OfAccount, Nothing]) -> None:
    """Somebody is shut out: the secret addresses they had opened are revoked for good."""
    theirs = update(CalendarFeed).where(
        CalendarFeed.account == fact.subject.account,
        CalendarFeed.revoked_at.is_(None),
        CalendarFeed.created_at <= fact.at,
    )
    await session.execute(theirs.values(revoked_at=fact.at))


async def forget(session: AsyncSession) -> None:
    """Empty the read models, for a replay."""
    for model in (BodyClock, PartnerStructure, AgentAssignment):
        await session.execute(delete(model))


def partners() -> Follower:
    """Return the follower of `partners`."""
    handlers: dict[str, Handler] = {
        "body.described": on_described,
        "structure.registered": on_registered,
        **dict.fromkeys(STATES, on_state),
        "assignment.granted": on_assigned,
        "assignment.ended": on_assignment_ended,
        "account.suspended": on_account_shut,
        "account.closed": on_account_shut,
    }
    return Follower("partners", handlers, forget=forget)
