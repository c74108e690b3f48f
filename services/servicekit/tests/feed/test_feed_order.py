"""The order of a feed: nothing skipped, causes before effects, the same for every reader."""

import asyncio
import contextlib
import random
from contextlib import AsyncExitStack

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from teller_service.models import Counter
from teller_service.telling import COUNTER, ids, moved, read_all, tell, values, writer_on

from servicekit import facts
from servicekit.db import Database
from servicekit.facts import FeedItem, emit, read_feed
from servicekit.testing import ServiceUnderTest


async def test_a_transaction_that_commits_late_is_not_skipped(source: Database) -> None:
    async with source.system_session("tests") as late:
        emit(late, moved(1))
        await late.flush()
        await tell(source, 2)
        before = await read_all(source)
        assert values(before) == [2]
    assert values(await read_all(source, before[-1].cursor)) == [1]
    assert values(await read_all(source)) == [2, 1]


async def test_an_open_transaction_delays_no_fact_but_its_own(source: Database) -> None:
    async with source.system_session("tests") as long:
        await ids(long)
        await tell(source, 1)
        assert values(await read_all(source)) == [1]


async def test_while_one_reader_stamps_another_reads_what_is_there(source: Database) -> None:
    await tell(source, 1)
    assert values(await read_all(source)) == [1]
    await tell(source, 2)
    async with source.system_session("tests") as first:
        assert values((await read_feed(first, None, 100)).items) == [1, 2]
        await tell(source, 3)
        async with asyncio.timeout(5):
            assert values(await read_all(source)) == [1]
    assert values(await read_all(source)) == [1, 2, 3]


async def test_what_is_rolled_back_was_never_told(source: Database) -> None:
    with contextlib.suppress(ZeroDivisionError):
        async with source.system_session("tests") as session:
            emit(session, moved(1))
            await session.flush()
            raise ZeroDivisionError
    async with source.system_session("tests") as session:
        emit(session, moved(2))
        savepoint = await session.begin_nested()
        emit(session, moved(3))
        await savepoint.rollback()
    assert values(await read_all(source)) == [2]


async def test_the_facts_of_a_transaction_keep_their_order(source: Database) -> None:
    await tell(source, *range(500))
    assert values(await read_all(source)) == list(range(500))


async def test_two_changes_of_one_row_are_told_in_the_order_they_took_effect(
    source: Database, teller: ServiceUnderTest
) -> None:
    async with source.system_session("tests") as session:
        session.add(Counter(id=COUNTER, value=0))

    async def add(session: AsyncSession) -> None:
        counter = (await session.scalars(select(Counter).with_for_update())).one()
        counter.value += 1
        emit(session, moved(counter.value))

    async with source.system_session("tests") as second:
        await ids(second)  # its Idempotency-Key; then the row makes it wait for the first
        async with source.system_session("tests") as first:
            await add(first)
            waiting = asyncio.create_task(add(second))
            await asyncio.sleep(0.05)
            assert not waiting.done()
        await waiting

    by_transaction = await teller.rows("SELECT payload FROM facts ORDER BY xmin::text::bigint")
    assert [row["payload"]["value"] for row in by_transaction] == [2, 1]
    assert values(await read_all(source)) == [1, 2]


async def test_every_reader_reads_the_same_order(
    source: Database, teller: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "STAMPED_AT_ONCE", 3)
    chance = random.Random(7)
    total: int | None = None

    async def write(writer: int) -> None:
        for number in range(15):
            async with source.system_session("tests") as session:
                for _ in range(chance.randrange(1, 4)):
                    emit(session, moved(writer * 1000 + number))
                await session.flush()
                await asyncio.sleep(chance.random() / 100)

    async def read() -> list[FeedItem]:
        seen: list[FeedItem] = []
        while total is None or len(seen) < total:
            seen += await read_all(source, seen[-1].cursor if seen else None, limit=chance.randrange(1, 9))
            await asyncio.sleep(chance.random() / 200)
        return seen

    readers = [asyncio.create_task(read()) for _ in range(4)]
    await asyncio.gather(*(write(writer) for writer in range(4)))
    total = (await teller.rows("SELECT count(*) FROM facts"))[0]["count"]
    first, *others = [[item.id for item in await reader] for reader in readers]
    assert len(first) == len(set(first))
    for other in others:
        assert other == first
    written = [item.payload["value"] for item in await read_all(source)]
    assert len(written) == len(first)
    for writer in range(4):
        own = [value for value in written if isinstance(value, int) and value // 1000 == writer]
        assert own == sorted(own)


_STEPS = st.lists(
    st.tuples(st.sampled_from(["begin", "emit", "commit", "rollback", "read", "read"]), st.integers(0, 3)),
    min_size=5,
    max_size=40,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS, at_once=st.integers(1, 4), limit=st.integers(1, 4))
async def test_any_interleaving_is_read_whole_and_in_causal_order(
    steps: list[tuple[str, int]], at_once: int, limit: int, source: Database, teller: ServiceUnderTest
) -> None:
    """Writers begin, tell, commit and give up in any order while somebody reads: four at once, one reader."""
    await teller.empty()
    committed_at: dict[int, int] = {}
    seen: list[FeedItem] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(facts, "STAMPED_AT_ONCE", at_once)
        async with AsyncExitStack() as stack:
            open_now: dict[int, tuple[AsyncSession, list[int]]] = {}
            for moment, (act, writer) in enumerate(steps):
                if act == "begin" and writer not in open_now:
                    session = await stack.enter_async_context(writer_on(source))
                    await ids(session)
                    open_now[writer] = (session, [])
                elif act == "emit" and writer in open_now:
                    session, told = open_now[writer]
                    emit(session, moved(moment))
                    await session.flush()
                    told.append(moment)
                elif act in {"commit", "rollback"} and writer in open_now:
                    session, told = open_now.pop(writer)
                    await (session.commit() if act == "commit" else session.rollback())
                    if act == "commit":
                        committed_at |= dict.fromkeys(told, moment)
                elif act == "read":
                    async with source.system_session("tests") as session:
                        page = await read_feed(session, seen[-1].cursor if seen else None, limit)
                    seen += page.items
        seen += await read_all(source, seen[-1].cursor if seen else None, limit)
    order = [value for value in values(seen) if isinstance(value, int)]
    assert sorted(order) == sorted(committed_at)
    assert values(await read_all(source)) == order
    for place, later in enumerate(order):
        for earlier in order[place + 1 :]:
            # What was committed before the other was even written comes before it.
            assert not committed_at[earlier] < later
