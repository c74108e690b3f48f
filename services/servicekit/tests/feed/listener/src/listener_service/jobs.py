"""What the listener does later."""

import asyncio
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from listener_service.models import Effect
from servicekit.jobs import Jobs

jobs = Jobs(concurrency=2)


@jobs.task("effects.write")
async def write(session: AsyncSession, counter: UUID, value: int) -> None:
    """Write an effect, once: whether it is there says whether it is done."""
    if await session.scalar(select(Effect).where(Effect.value == value)) is None:
        session.add(Effect(fact_id=counter, counter=counter, value=value))


@jobs.task("effects.refuse_first")
async def refuse_first(session: AsyncSession, counter: UUID) -> None:
    """Fail unless somebody was here before."""
    session.add(Effect(fact_id=counter, counter=counter, value=0))
    await session.flush()
    if not await session.scalar(select(func.count()).select_from(Effect).where(Effect.value == 1)):
        raise ZeroDivisionError


@jobs.task("effects.linger")
async def linger(session: AsyncSession, counter: UUID) -> None:
    """Begin at once, take long, and write at the end."""
    await asyncio.sleep(1)
    session.add(Effect(fact_id=counter, counter=counter, value=0))


@jobs.every("effects.tick", cron="* * * * * *")
async def tick(session: AsyncSession) -> None:
    """Write an effect every second."""
    session.add(Effect(fact_id=UUID(int=0), counter=UUID(int=0), value=-1))
