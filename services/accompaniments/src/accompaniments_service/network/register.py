"""Following `referrals`: who is in the person register, and which structure registered them."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from accompaniments_service.network.models import KnownPerson
from servicekit.facts import Published
from servicekit.follower import Follower
from servicekit.models import put


class OfPerson(BaseModel):
    """The person, and the structure that registered them; null when the caisse did."""

    model_config = ConfigDict(frozen=True)

    person: UUID
    structure: UUID | None


class Nothing(BaseModel):
    """A payload that is not needed."""


async def on_registered(session: AsyncSession, fact: Published[OfPerson, Nothing]) -> None:
    """A person entered the register."""
    known = {"caisse": fact.caisse, "person_id": fact.subject.person}
    await put(session, KnownPerson, known, {"structure_id": fact.subject.structure})


async def forget(session: AsyncSession) -> None:
    """Empty the read model, for a replay."""
    await session.execute(delete(KnownPerson))


def referrals() -> Follower:
    """Return the follower of `referrals`."""
    return Follower("referrals", {"person.registered": on_registered}, forget=forget)
