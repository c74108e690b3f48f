"""Jobs: deferred with the change or not at all, run in a transaction, taken up again whatever dies."""

import asyncio
import contextlib
import hashlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest
from listener_service.jobs import jobs, linger, refuse_first, tick, write
from procrastinate.schema import SchemaManager
from procrastinate.sql import queries
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from teller_service.telling import until

from servicekit import clock
from servicekit.access import Audience
from servicekit.app import Service
from servicekit.db import Database
from servicekit.jobs import Jobs, defer, defer_until
from servicekit.testing import ServiceUnderTest, an_actor

COUNTER = UUID(int=1)


@pytest.fixture
async def queue(listener: ServiceUnderTest) -> AsyncIterator[ServiceUnderTest]:
    """Give the listener with no job waiting."""
    yield listener
    await listener.rows("TRUNCATE jobs.procrastinate_jobs, jobs.procrastinate_workers CASCADE")


@contextlib.asynccontextmanager
async def working(service: ServiceUnderTest, work: Jobs = jobs) -> AsyncIterator[None]:
    """Run the worker as the service does."""
    running: Service = service.app.state.service
    task = asyncio.create_task(work.run(running))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def waiting(service: ServiceUnderTest) -> list[str]:
    """Return the names of the jobs that wait, schedules apart."""
    rows = await service.rows(
        "SELECT task_name FROM jobs.procrastinate_jobs WHERE status = 'todo' AND NOT args ? 'timestamp' ORDER BY id"
    )
    return [row["task_name"] for row in rows]


def wrote(service: ServiceUnderTest, value: int, times: int = 1) -> Callable[[], Awaitable[bool]]:
    """Return whether an effect was written so many times."""

    async def look() -> bool:
        rows = await service.rows("SELECT 1 FROM effects WHERE value = %s", value)
        return len(rows) == times

    return look


async def test_a_job_is_deferred_with_the_change_or_not_at_all(queue: ServiceUnderTest, here: Database) -> None:
    with contextlib.suppress(ZeroDivisionError):
        async with here.system_session("tests") as session:
            await defer(session, write, counter=COUNTER, value=1)
            raise ZeroDivisionError
    assert await waiting(queue) == []
    async with here.system_session("tests") as session:
        await defer(session, write, COUNTER, value=2)
    assert await waiting(queue) == ["effects.write"]
    async with working(queue):
        await until(wrote(queue, 2))
    assert await waiting(queue) == []


async def test_every_audience_defers_and_none_reads(queue: ServiceUnderTest, here: Database) -> None:
    for audience in (Audience.PARTNER, Audience.AGENT, Audience.OFFICER, Audience.PILOT, Audience.APP):
        async with here.session(here.scope_of(an_actor(audience, "any"))) as session:
            await defer(session, write, counter=COUNTER, value=1)
        for forbidden in (
            "SELECT * FROM jobs.procrastinate_jobs",
            "SELECT jobs.procrastinate_finish_job_v1(1, 'failed', true)",
        ):
            with pytest.raises(DBAPIError, match="permission denied"):
                async with here.session(here.scope_of(an_actor(audience, "any"))) as session:
                    await session.execute(text(forbidden))
    assert len(await waiting(queue)) == 5


async def test_a_job_that_fails_leaves_nothing_and_is_tried_again(queue: ServiceUnderTest, here: Database) -> None:
    async with here.system_session("tests") as session:
        await defer(session, refuse_first, counter=COUNTER)

    async def failed_once() -> bool:
        rows = await queue.rows(
            "SELECT 1 FROM jobs.procrastinate_jobs WHERE task_name = 'effects.refuse_first' AND attempts = 1 "
            "AND status = 'todo' AND scheduled_at > now()"
        )
        return bool(rows)

    async with working(queue):
        await until(failed_once)
        assert not await wrote(queue, 0)()
        await queue.rows("INSERT INTO effects (fact_id, counter, value) VALUES (%s, %s, 1)", COUNTER, COUNTER)
        await until(wrote(queue, 0))


async def test_a_job_for_later_waits(queue: ServiceUnderTest, here: Database) -> None:
    async with here.system_session("tests") as session:
        await defer_until(session, clock.system_now() + timedelta(hours=1), write, counter=COUNTER, value=1)
        await defer(session, write, counter=COUNTER, value=2)
    async with working(queue):
        await until(wrote(queue, 2))
    assert not await wrote(queue, 1)()
    assert await waiting(queue) == ["effects.write"]


async def test_a_schedule_runs_one_turn_at_a_time(queue: ServiceUnderTest) -> None:
    async def ticked() -> bool:
        return len(await queue.rows("SELECT 1 FROM effects WHERE value = -1")) >= 4

    begun = time.monotonic()
    async with working(queue), working(queue):
        await until(ticked)
    # The last turn missed at once, then one a second, whichever of the two workers takes it.
    assert time.monotonic() - begun >= 2


async def test_a_schedule_may_be_asked_for_more(queue: ServiceUnderTest, here: Database) -> None:
    by_hand = "SELECT status FROM jobs.procrastinate_jobs WHERE task_name = 'effects.tick' AND NOT args ? 'timestamp'"
    async with here.system_session("tests") as session:
        await defer(session, tick)

    async def gone() -> bool:
        return await queue.rows(by_hand) == []

    async with working(queue):
        await until(gone)


async def test_what_runs_at_shutdown_is_finished(queue: ServiceUnderTest, here: Database) -> None:
    async with here.system_session("tests") as session:
        await defer(session, linger, counter=COUNTER)

    async def begun() -> bool:
        return bool(await queue.rows("SELECT 1 FROM jobs.procrastinate_jobs WHERE status = 'doing'"))

    async with working(queue):
        await until(begun)
    assert await wrote(queue, 0)()


async def test_the_worker_outlives_the_loss_of_every_connection(queue: ServiceUnderTest, here: Database) -> None:
    async with working(queue):
        for value in (1, 2):
            async with here.system_session("tests") as session:
                await defer(session, write, counter=COUNTER, value=value)
            # A job whose end could not be noted waits for its turn among those of dead workers.
            await until(wrote(queue, value), seconds=180)
            await queue.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE usename = 'listener_login' AND datname = 'aller_listener'"
            )


async def test_jobs_of_a_process_that_died_are_taken_up(queue: ServiceUnderTest, here: Database) -> None:
    async with here.system_session("tests") as session:
        await defer(session, write, counter=COUNTER, value=1)
    await queue.rows(
        "WITH dead AS (INSERT INTO jobs.procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') "
        "RETURNING id) UPDATE jobs.procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead"
    )
    async with working(queue):
        await until(wrote(queue, 1))


LOSE = "UPDATE jobs.procrastinate_jobs SET status = 'doing', worker_id = %s WHERE task_name = 'effects.write'"
TAKE_UP = """
    SELECT jobs.procrastinate_defer_jobs_v1(
        ARRAY[ROW('default', %s, 0, NULL, NULL, '{}', NULL)]::jobs.procrastinate_job_to_defer_v1[]
    )
"""


async def test_a_lost_turn_of_a_schedule_holds_nothing_up(queue: ServiceUnderTest, here: Database) -> None:
    """Its next turn waits for its lock and keeps it from waiting again: the turn is given up, the rest goes on."""
    await queue.rows(
        "WITH dead AS (INSERT INTO jobs.procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') "
        "RETURNING id) INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, lock, queueing_lock, status, args, "
        "worker_id) SELECT 'default', 'effects.tick', 'effects.tick', 'effects.tick', 'doing', '{}', id FROM dead"
    )
    async with here.system_session("tests") as session:
        await defer(session, tick)
        await defer(session, write, counter=COUNTER, value=1)
    [dead] = await queue.rows("SELECT id FROM jobs.procrastinate_workers")
    await queue.rows(
        "UPDATE jobs.procrastinate_jobs SET queueing_lock = task_name, lock = task_name "
        "WHERE task_name = 'effects.tick' AND status = 'todo'"
    )
    await queue.rows(LOSE, dead["id"])
    async with working(queue):
        await until(wrote(queue, 1))

        async def ticked() -> bool:
            return bool(await queue.rows("SELECT 1 FROM effects WHERE value = -1"))

        await until(ticked)


async def test_a_job_whose_end_was_not_noted_is_taken_up(queue: ServiceUnderTest, here: Database) -> None:
    """The worker lives, so nothing but its own memory tells that nobody runs the job any more."""
    async with working(queue):

        async def registered() -> bool:
            return bool(await queue.rows("SELECT 1 FROM jobs.procrastinate_workers"))

        await until(registered)
        [worker] = await queue.rows("SELECT id FROM jobs.procrastinate_workers")
        async with here.system_session("tests") as session:
            await defer_until(session, clock.system_now() + timedelta(hours=1), write, counter=COUNTER, value=1)
        await queue.rows(LOSE, worker["id"])
        await queue.rows(TAKE_UP, "jobs.take_up_stalled")
        await until(nobody_waits_to_take_up(queue))
        assert not await wrote(queue, 1)()  # begun just now, as far as anybody knows
        await queue.rows("UPDATE jobs.procrastinate_events SET at = at - interval '1 minute'")
        await queue.rows(TAKE_UP, "jobs.take_up_stalled")
        await until(wrote(queue, 1))


def nobody_waits_to_take_up(service: ServiceUnderTest) -> Callable[[], Awaitable[bool]]:
    """Return whether the last look for lost jobs has ended."""

    async def look() -> bool:
        return not await service.rows("SELECT 1 FROM jobs.procrastinate_jobs WHERE task_name = 'jobs.take_up_stalled'")

    return look


def test_the_library_still_is_the_one_our_migration_installs() -> None:
    """An upgrade that turns this red needs a migration: see `install_jobs`."""
    digest = hashlib.sha256(SchemaManager.get_schema().encode()).hexdigest()
    assert digest == "c70ec4b400a60ad9592787653aae5ae77ae41bf801d56b5bd2712751a07f2009"
    assert "procrastinate_defer_jobs_v1" in queries["defer_jobs"]
