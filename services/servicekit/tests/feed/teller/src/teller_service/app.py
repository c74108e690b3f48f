"""Assembly of the teller: its feed and its handovers."""

from uuid import UUID

from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.app import create_app
from servicekit.facts import everything, feed_router, only
from servicekit.handover import Handover, handover_router
from teller_service.models import Counter
from teller_service.settings import Settings


class CounterOut(BaseModel):
    """What is handed over about a counter."""

    value: int


async def give(session: AsyncSession, client: str, counter_id: UUID) -> Handover | None:
    """Hand a counter over to the listener."""
    counter = await session.get(Counter, counter_id)
    if counter is None or client != "svc-listener":
        return None
    return Handover(CounterOut(value=counter.value), subjects=(counter_id,))


def assemble(settings: Settings) -> FastAPI:
    """Assemble the teller."""
    feed = feed_router("teller", {"listener": everything, "auditor": only("counter.lost")})
    handovers = handover_router(
        "teller", give, content=CounterOut, clients=["listener", "auditor"], shows=["technical"]
    )
    return create_app(
        settings,
        name="teller",
        title="Teller",
        description="",
        routers=[feed, handovers],
        exempt_tables=frozenset({"counters"}),
    )
