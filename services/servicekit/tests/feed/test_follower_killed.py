"""A follower killed at any point applies each fact once. Real processes, real kill -9."""

import asyncio
import multiprocessing
import os
import random
import sys
from collections.abc import Awaitable, Callable
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess

import pytest
from listener_service.following import follow, serve
from listener_service.keys import PROCESS_KEY
from teller_service.serving import served
from teller_service.telling import tell, until

from servicekit.db import Database
from servicekit.testing import ServiceUnderTest

KILLS = 24


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> ForkServerContext:
    """Give processes that start in milliseconds, their imports done once."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))  # Python 3.11 forgets it for what it preloads
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["listener_service.following"])
    return context


async def test_a_service_that_cannot_follow_ends_and_says_why(here: Database, processes: ForkServerContext) -> None:
    login = here.engine.url.render_as_string(hide_password=False)
    process = processes.Process(target=serve, args=({"database_url": login},), daemon=True)
    process.start()

    async def ended() -> bool:
        return not process.is_alive()

    try:
        await until(ended)
    finally:
        process.kill()


@pytest.mark.faults
async def test_killed_at_any_point_a_follower_applies_each_fact_once(
    teller: ServiceUnderTest,
    source: Database,
    listener: ServiceUnderTest,
    here: Database,
    processes: ForkServerContext,
) -> None:
    chance = random.Random(11)
    told = 0
    deaths: list[int | None] = []

    async def applied() -> int:
        count: int = (await listener.rows("SELECT count(*) FROM effects"))[0]["count"]
        return count

    async def caught_up() -> bool:
        return await applied() == told

    def more_than(before: int) -> Callable[[], Awaitable[bool]]:
        async def look() -> bool:
            return await applied() > before

        return look

    async def died() -> bool:
        return not process.is_alive()

    async with served(teller.app) as url:
        login = here.engine.url.render_as_string(hide_password=False)
        settings = {"database_url": login, "peers": {"teller": url}}

        def start(die_at: int | None = None) -> BaseProcess:
            process = processes.Process(target=follow, args=(settings, PROCESS_KEY, die_at), daemon=True)
            process.start()
            return process

        for kill in range(KILLS):
            for _ in range(chance.randrange(5, 15)):
                many = chance.randrange(1, 6)
                await tell(source, *range(told, told + many))
                told += many
            before = await applied()
            if kill % 2:
                process = start()
                await until(more_than(before))
                await asyncio.sleep(chance.random() / 30)
                process.kill()
            else:
                process = start(die_at=chance.randrange(before, told))
            await until(died)
            deaths.append(process.exitcode)
        process = start()
        await until(caught_up)
        process.kill()
        await until(died)
    assert deaths == [-9] * KILLS
    facts = await teller.rows("SELECT id FROM facts ORDER BY position")
    effects = await listener.rows("SELECT fact_id FROM effects ORDER BY number")
    assert [row["fact_id"] for row in effects] == [row["id"] for row in facts]
    assert len(facts) == told
