"""What happens around following when things go away: it says so, loses nothing, and needs no manual act."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from listener_service.followers import follower
from listener_service.jobs import jobs, write
from listener_service.keys import listener_token
from listener_service.models import effects
from listener_service.settings import Settings
from prometheus_client import REGISTRY
from teller_service.serving import served
from teller_service.telling import tell, until

from embedded.postgres import Cluster, free_port
from servicekit.app import Service
from servicekit.db import Database
from servicekit.jobs import defer
from servicekit.testing import ServiceUnderTest, service_under_test


@pytest.fixture
def fragile() -> Iterator[Cluster]:
    """Give a cluster that a test may stop and start."""
    with (
        tempfile.TemporaryDirectory(prefix="aller-vers-") as folder,
        Cluster(Path(folder), durable=False) as cluster,
    ):
        yield cluster


def trouble(reason: str) -> float | None:
    """Return the metric of one reason for not following the teller."""
    return REGISTRY.get_sample_value("follower_trouble", {"source": "teller", "reason": reason})


async def test_the_source_away_then_back(
    teller: ServiceUnderTest, source: Database, listener: ServiceUnderTest
) -> None:
    port = free_port()
    following = follower(listener_token)
    settings = Settings.ephemeral(peers={"teller": f"http://127.0.0.1:{port}"})
    here = listener.app.state.service.database
    service = Service("listener", settings, here, listener.app.state.service.verifier)
    running = asyncio.create_task(following.run(service))

    async def away() -> bool:
        return following.trouble() == "teller: the source is away" and trouble("the source is away") == 1

    async def all_there() -> bool:
        return await effects(here) == [1, 2, 3]

    async def well() -> bool:
        return following.trouble() is None and trouble("the source is away") == 0

    await until(away)
    await tell(source, 1, 2, 3)
    async with served(teller.app, port):
        await until(all_there)
        await until(well)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert REGISTRY.get_sample_value("follower_caught_up_at_seconds", {"source": "teller"})


async def test_the_own_database_away_then_back(teller: ServiceUnderTest, source: Database, fragile: Cluster) -> None:
    port = free_port()
    peers = {"teller": f"http://127.0.0.1:{port}"}
    async with (
        served(teller.app, port),
        service_under_test("listener_service", fragile.admin_url, peers=peers) as listener,
    ):
        service: Service = listener.app.state.service
        following = follower(listener_token)

        async def effective(*values: int) -> bool:
            return sorted(value for value in await effects(service.database) if value > 0) == list(values)

        running = [asyncio.create_task(following.run(service)), asyncio.create_task(jobs.run(service))]
        await tell(source, 1)
        await until(lambda: effective(1))
        fragile.stop()

        async def noticed() -> bool:
            return following.trouble() == "teller: the database is away" and jobs.trouble() is not None

        await until(noticed)
        await tell(source, 2)
        await asyncio.to_thread(fragile.start)
        await until(lambda: effective(1, 2))
        async with service.database.system_session("tests") as session:
            await defer(session, write, counter=UUID(int=1), value=3)
        await until(lambda: effective(1, 2, 3))
        assert jobs.trouble() is None
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
