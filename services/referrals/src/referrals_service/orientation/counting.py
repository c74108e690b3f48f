"""What stops before the form of the social service is counted, and read by those who steer the service (SS-05)."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from referrals_service.orientation.codes import RefusedMotive
from referrals_service.orientation.models import RefusedMotiveCount
from servicekit.access import Actor
from servicekit.db import new_id

C = RefusedMotiveCount


async def count(session: AsyncSession, actor: Actor, motive: RefusedMotive, day: date) -> None:
    """Add one; two at the same moment are two."""
    first = insert(C).values(
        caisse=actor.caisse, id=new_id(), structure_id=actor.structure, on_day=day, motive=motive, times=1
    )
    again = first.on_conflict_do_update(
        index_elements=["caisse", "on_day", "structure_id", "motive"], set_={"times": C.times + 1}
    )
    await session.execute(again)


async def counts(session: AsyncSession, actor: Actor, from_on: date, until_on: date) -> Mapping[RefusedMotive, int]:
    """Return how often each motive was stopped in the actor's caisse, both days counted; none is zero."""
    totals = (
        select(C.motive, func.sum(C.times).label("times"))
        .where(C.caisse == actor.caisse, C.on_day.between(from_on, until_on))
        .group_by(C.motive)
    )
    found = {row.motive: int(row.times) for row in await session.execute(totals)}
    return {motive: found.get(motive, 0) for motive in RefusedMotive}
