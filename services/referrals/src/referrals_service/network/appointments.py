"""Following `accompaniments`: who receives a person at an appointment sees who comes, until a week after it.

Whoever books for whom, the person is opened to the agent whose calendar it is. A calendar of nobody (a reception
point, a room) opens nothing: its agents see the numbers of appointments.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.persons.grants import TRIAGE, Holder, grant, revoke
from servicekit import clock
from servicekit.facts import Published
from servicekit.follower import Follower

SEEN_AFTER: Final = timedelta(days=7)
"""How long the agent may still write down what came of an appointment."""
BY: Final = "svc-accompaniments"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class OfAppointment(_Part):
    """Which appointment, whose calendar it is in, and for whom."""

    appointment: UUID
    agent: UUID | None
    person: UUID | None


class Booked(_Part):
    """When it is."""

    starts_at: datetime


class Moved(Booked):
    """When it is, and the appointment it replaces."""

    moved_from: UUID


class Nothing(_Part):
    """A payload that is not needed."""


async def on_booked(session: AsyncSession, fact: Published[OfAppointment, Booked]) -> None:
    """The person is opened to who receives them; not for an appointment long past, read again."""
    until = fact.payload.starts_at + SEEN_AFTER
    who = fact.subject
    if who.person is None or who.agent is None or until <= clock.now():
        return
    await grant(
        session,
        fact.caisse,
        who.person,
        Holder.account(who.agent),
        TRIAGE,
        by=BY,
        until=until,
        origin=who.appointment,
    )


async def on_moved(session: AsyncSession, fact: Published[OfAppointment, Moved]) -> None:
    """The person is opened to who receives them now, at the new time."""
    await revoke(session, fact.caisse, by=BY, person_id=fact.subject.person, origin=fact.payload.moved_from)
    await on_booked(session, fact)


async def on_cancelled(session: AsyncSession, fact: Published[OfAppointment, Nothing]) -> None:
    """Nobody receives the person any more."""
    await revoke(session, fact.caisse, by=BY, person_id=fact.subject.person, origin=fact.subject.appointment)


def accompaniments() -> Follower:
    """Return the follower of `accompaniments`."""
    return Follower(
        "accompaniments",
        {
            "appointment.booked": on_booked,
            "appointment.moved": on_moved,
            "appointment.cancelled": on_cancelled,
        },
    )
