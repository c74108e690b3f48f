"""A follower killed at any point applies each fact once. Real processes, real kill -9."""

import asyncio
import multiprocessing
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess

import pytest
import uvicorn
from conftest import PROCESS_KEY
from embedded.postgres import free_port
from fastapi import FastAPI
from following import follow
from servicekit.db import Database
from servicekit.testing import ServiceUnderTest
from telling import tell

KILLS = 24


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """Serve an application on a real port."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await serving


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Give processes that start in milliseconds, their imports done once."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["following"])
    return context


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
    deaths: list[int] = []

    async def applied() -> int:
        count: int = (await listener.rows("SELECT count(*) FROM effects"))[0]["count"]
        return count

    async with served(teller.app) as url:
        settings = {
            "database_url": here.engine.url.render_as_string(hide_password=False),
            "peers": {"teller": url},
        }

        def start(die_at: int | None = None) -> BaseProcess:
            process = processes.Process(target=follow, args=(settings, PROCESS_KEY, die_at), daemon=True)
            process.start()
            return process

        async def ended(process: BaseProcess) -> None:
            while process.is_alive():
                await asyncio.sleep(0.01)

        for kill in range(KILLS):
            for _ in range(chance.randrange(5, 15)):
                many = chance.randrange(1, 6)
                await tell(source, *range(told, told + many))
                told += many
            before = await applied()
            if kill % 2:
                process = start()
                while await applied() == before:
                    await asyncio.sleep(0.005)
                await asyncio.sleep(chance.random() / 30)
                process.kill()
            else:
                process = start(die_at=chance.randrange(before, told))
            await asyncio.wait_for(ended(process), 20)
            deaths.append(process.exitcode or 0)
        process = start()
        deadline = time.monotonic() + 20
        while await applied() < told and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        process.kill()
        await ended(process)
    assert deaths == [-9] * KILLS
    facts = await teller.rows("SELECT id FROM facts ORDER BY position")
    effects = await listener.rows("SELECT fact_id FROM effects ORDER BY number")
    assert [row["fact_id"] for row in effects] == [row["id"] for row in facts]
    assert len(facts) == told
