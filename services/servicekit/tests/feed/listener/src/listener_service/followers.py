"""What the listener does of the teller's facts."""

from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from listener_service.models import Effect
from servicekit.facts import Published
from servicekit.follower import Follower
from servicekit.identity import TokenSource


class CounterSubject(BaseModel):
    """The listener's own idea of a subject."""

    counter: UUID


class Moved(BaseModel):
    """The listener's own idea of a move."""

    value: int


async def on_moved(session: AsyncSession, fact: Published[CounterSubject, Moved]) -> None:
    """Write the effect of a move."""
    session.add(Effect(fact_id=fact.id, counter=fact.subject.counter, value=fact.payload.value))


async def forget(session: AsyncSession) -> None:
    """Forget every effect."""
    await session.execute(delete(Effect))


def follower(token_source: TokenSource | None = None, page: int = 500) -> Follower:
    """Follow the teller."""
    return Follower("teller", {"counter.moved": on_moved}, forget=forget, token_source=token_source, page=page)
