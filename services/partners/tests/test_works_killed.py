"""`kill -9` in the middle of an import and of an export: both are finished by another process, nothing twice."""

import asyncio
import csv
import io
import multiprocessing
import os
import sys
from collections import Counter
from multiprocessing.context import ForkServerContext

import pytest

from partners_service.app import assemble
from partners_service.jobs import jobs
from partners_service.settings import Settings
from servicekit.app import Service
from servicekit.testing import ServiceUnderTest, until

from .directory import a_row, as_csv
from .situations import DESK, Town
from .test_directory_import import IMPORTS, WORKS, send

pytestmark = pytest.mark.faults

ROWS = 600


def work(database_url: str) -> None:
    """Run the works of the service, as its process does."""
    service: Service = assemble(Settings.ephemeral(database_url=database_url)).state.service
    asyncio.run(jobs.run(service))


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> ForkServerContext:
    """Give processes that start in milliseconds, their imports done once."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["partners_service.app"])
    return context


async def test_killed_in_the_middle_nothing_is_done_twice(
    under_test: ServiceUnderTest, town: Town, processes: ForkServerContext
) -> None:
    url = under_test.app.state.service.database.engine.url.render_as_string(hide_password=False)
    desk = town.officer_of_the_desk()

    async def kill_in_the_middle(path: str, least: int) -> int:
        """Start a process, kill it once the work has moved, hand the work to another; return how far it was."""
        process = processes.Process(target=work, args=(url,), daemon=True)
        process.start()

        async def moved() -> bool:
            return int((await desk.get(path)).json()["done"]) > least

        await until(moved, seconds=120)
        process.kill()
        await asyncio.to_thread(process.join)
        assert process.exitcode == -9
        done = int((await desk.get(path)).json()["done"])
        # Half a minute without a sign of life, and the minute of the schedule that looks for the dead.
        await under_test.rows("UPDATE jobs.procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
        return done

    async def finish(path: str) -> None:
        process = processes.Process(target=work, args=(url,), daemon=True)
        process.start()

        async def over() -> bool:
            return bool((await desk.get(path)).json()["state"] == "done")

        try:
            await until(over, seconds=180)
        finally:
            process.kill()
            await asyncio.to_thread(process.join)

    receipt = await send(desk, as_csv(a_row(n) for n in range(ROWS)))
    confirmed = await desk.post(f"{IMPORTS}/{receipt['id']}/confirm", if_match=receipt["version"])
    assert confirmed.status_code == 200, confirmed.text
    path = f"{WORKS}/{receipt['id']}"
    deaths = [await kill_in_the_middle(path, 0), await kill_in_the_middle(path, 200)]
    assert all(0 < done < ROWS for done in deaths), deaths
    await finish(path)
    ended = (await desk.get(path)).json()
    assert (ended["done"], ended["counts"]) == (ROWS, {"created": ROWS})
    names = Counter(row["name"] for row in await under_test.rows("SELECT name FROM structures"))
    assert len(names) == ROWS
    assert set(names.values()) == {1}
    facts = Counter(fact["subject"]["structure"] for fact in await under_test.facts())
    assert len(facts) == ROWS
    assert set(facts.values()) == {1}

    asked = await desk.post(f"{DESK}/exports/structures", {"reason": "Vérifier la reprise après un arrêt"})
    assert asked.status_code == 201, asked.text
    path = f"{WORKS}/{asked.json()['id']}"
    exported = await kill_in_the_middle(path, 0)
    assert exported > 0
    await finish(path)
    content = (await desk.get(f"{DESK}/exports/structures/{asked.json()['id']}/file")).content
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert Counter(line["Nom"] for line in lines) == names
    journalled = await under_test.rows(
        "SELECT sum(cardinality(resource_ids)) AS n FROM journal WHERE action = 'structures.export' "
        "AND resource = 'structure'"
    )
    assert journalled[0]["n"] == ROWS
