"""Following `partners`: its facts become the read models of `models.py`, whatever of them is there already."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.network.models import (
    AgentAssignment,
    PartnerAssignment,
    PartnerRight,
    PartnerStructure,
    ShutAccount,
)
from referrals_service.requests.take import release_left
from servicekit.facts import Published
from servicekit.follower import Follower
from servicekit.models import put

SOURCE: Final = "partners"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Nothing(_Part):
    """A payload that is not needed."""


class OfStructure(_Part):
    """Which structure."""

    structure: UUID


class Registered(_Part):
    """How a structure entered."""

    kind: str
    department: str
    state: str
    nir_allowed: bool


class Activated(_Part):
    """Since when its portal is open."""

    portal_opened_on: date


class NirRule(_Part):
    """Whether it may type a NIR."""

    nir_allowed: bool


class OfRight(_Part):
    """Which right, whose."""

    right: UUID
    structure: UUID
    account: UUID | None


class Gained(_Part):
    """What it allows, from when until when."""

    right: str
    from_on: date
    until_on: date | None


class Ended(_Part):
    """From which day it is no longer held."""

    ended_on: date


class OfAccount(_Part):
    """Which account."""

    account: UUID


class OfAssignment(OfAccount):
    """Whose role; in a structure for a partner."""

    assignment: UUID
    structure: UUID | None = None


class Granted(_Part):
    """Which role, for whom, from when until when."""

    role: str
    audience: str
    unit: str | None
    from_on: date
    until_on: date | None


async def on_registered(session: AsyncSession, fact: Published[OfStructure, Registered]) -> None:
    """A structure exists."""
    told = fact.payload
    known = {"caisse": fact.caisse, "structure_id": fact.subject.structure}
    said = {
        "kind": told.kind,
        "department": told.department,
        "state": told.state,
        "nir_allowed": told.nir_allowed,
    }
    await put(session, PartnerStructure, known, said)


async def on_activated(session: AsyncSession, fact: Published[OfStructure, Activated]) -> None:
    """A portal opened (ESP-04)."""
    await _set_structure(session, fact, state="active", portal_opened_on=fact.payload.portal_opened_on)


async def on_nir_rule(session: AsyncSession, fact: Published[OfStructure, NirRule]) -> None:
    """The rule about the NIR changed."""
    await _set_structure(session, fact, nir_allowed=fact.payload.nir_allowed)


async def on_requested(session: AsyncSession, fact: Published[OfStructure, Nothing]) -> None:
    """A prospect asked to be registered."""
    await _set_structure(session, fact, state="registration_requested")


async def on_refused(session: AsyncSession, fact: Published[OfStructure, Nothing]) -> None:
    """A registration was refused."""
    await _set_structure(session, fact, state="refused")


async def on_approved(session: AsyncSession, fact: Published[OfStructure, Nothing]) -> None:
    """A registration was approved."""
    await _set_structure(session, fact, state="approved")


async def on_suspended(session: AsyncSession, fact: Published[OfStructure, Nothing]) -> None:
    """Nobody acts for the structure until further notice; its requests are kept."""
    await _set_structure(session, fact, state="suspended")


async def on_reactivated(session: AsyncSession, fact: Published[OfStructure, Nothing]) -> None:
    """A suspension was lifted."""
    await _set_structure(session, fact, state="active")


async def on_closed(session: AsyncSession, fact: Published[OfStructure, Nothing]) -> None:
    """A structure left for good."""
    await _set_structure(session, fact, state="closed")


async def on_right_granted(session: AsyncSession, fact: Published[OfRight, Gained]) -> None:
    """A training opened a right (MIS-21)."""
    known = {"caisse": fact.caisse, "id": fact.subject.right}
    said = {
        "structure_id": fact.subject.structure,
        "account": fact.subject.account,
        "right": fact.payload.right,
        "from_on": fact.payload.from_on,
        "until_on": fact.payload.until_on,
    }
    await put(session, PartnerRight, known, said)


async def on_right_ended(session: AsyncSession, fact: Published[OfRight, Ended]) -> None:
    """A right was taken back."""
    ours = (PartnerRight.caisse == fact.caisse, PartnerRight.id == fact.subject.right)
    await session.execute(update(PartnerRight).where(*ours).values(ended_on=fact.payload.ended_on))


async def on_assigned(session: AsyncSession, fact: Published[OfAssignment, Granted]) -> None:
    """An account holds a role; those of agents and of structures are kept."""
    told = fact.payload
    known = {"caisse": fact.caisse, "id": fact.subject.assignment}
    said = {"account": fact.subject.account, "role": told.role, "from_on": told.from_on, "until_on": told.until_on}
    if told.audience == "agent":
        await put(session, AgentAssignment, known, {**said, "unit": told.unit})
    elif told.audience == "partner":
        await put(session, PartnerAssignment, known, {**said, "structure_id": fact.subject.structure})


async def on_assignment_ended(session: AsyncSession, fact: Published[OfAssignment, Ended]) -> None:
    """A role was taken back: what an agent had in charge, and no longer can have, goes back to its queue."""
    if fact.subject.structure is not None:
        theirs = (PartnerAssignment.caisse == fact.caisse, PartnerAssignment.id == fact.subject.assignment)
        await session.execute(update(PartnerAssignment).where(*theirs).values(ended_on=fact.payload.ended_on))
        return
    ours = (AgentAssignment.caisse == fact.caisse, AgentAssignment.id == fact.subject.assignment)
    ended = update(AgentAssignment).where(*ours).values(ended_on=fact.payload.ended_on)
    if not (await session.scalars(ended.returning(AgentAssignment.id))).all():
        return
    await release_left(session, fact.caisse, fact.subject.account, fact.at)


async def on_shut(session: AsyncSession, fact: Published[OfAccount, Nothing]) -> None:
    """An account was suspended, or closed: what an agent had in charge goes back to its queue."""
    await put(session, ShutAccount, {"account": fact.subject.account}, {})
    await release_left(session, fact.caisse, fact.subject.account, fact.at)


async def on_account_reactivated(session: AsyncSession, fact: Published[OfAccount, Nothing]) -> None:
    """An account may act again."""
    await session.execute(delete(ShutAccount).where(ShutAccount.account == fact.subject.account))


async def forget(session: AsyncSession) -> None:
    """Empty the read models, for a replay; requests themselves are not rebuilt from anybody's facts."""
    for model in (PartnerStructure, PartnerRight, AgentAssignment, PartnerAssignment, ShutAccount):
        await session.execute(delete(model))


async def _set_structure(session: AsyncSession, fact: Published[OfStructure, Any], **values: Any) -> None:
    ours = (PartnerStructure.caisse == fact.caisse, PartnerStructure.structure_id == fact.subject.structure)
    await session.execute(update(PartnerStructure).where(*ours).values(values))


def partners() -> Follower:
    """Return the follower of `partners`."""
    return Follower(
        SOURCE,
        {
            "structure.registered": on_registered,
            "structure.registration_requested": on_requested,
            "structure.refused": on_refused,
            "structure.approved": on_approved,
            "structure.activated": on_activated,
            "structure.suspended": on_suspended,
            "structure.reactivated": on_reactivated,
            "structure.closed": on_closed,
            "structure.nir_rule_changed": on_nir_rule,
            "right.granted": on_right_granted,
            "right.ended": on_right_ended,
            "account.suspended": on_shut,
            "account.reactivated": on_account_reactivated,
            "account.closed": on_shut,
            "assignment.granted": on_assigned,
            "assignment.ended": on_assignment_ended,
        },
        forget=forget,
    )
