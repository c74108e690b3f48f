"""Following: each fact takes effect once, in order; what stops it says so and loses nothing."""

import asyncio

import httpx
import pytest
from listener_service.followers import CounterSubject, Moved, follower, on_moved
from listener_service.keys import listener_token
from listener_service.models import Effect, effects
from sqlalchemy.ext.asyncio import AsyncSession
from teller_service.telling import lost, moved, tell
from typer.testing import CliRunner

from servicekit.__main__ import cli
from servicekit.db import Database
from servicekit.facts import Published, emit
from servicekit.follower import IDLE_SECONDS, CursorRefusedBySource, FactNotApplied, Follower, backoff
from servicekit.testing import ServiceUnderTest


async def test_facts_take_effect_once_and_in_order(
    source: Database, here: Database, to_teller: httpx.AsyncClient
) -> None:
    following = follower(listener_token, page=10)
    await tell(source, *range(25))
    assert [await following.step(here, to_teller, listener_token) for _ in range(4)] == [True, True, False, False]
    assert await effects(here) == list(range(25))


async def test_the_next_poll_after_a_change_shows_it(
    source: Database, here: Database, to_teller: httpx.AsyncClient
) -> None:
    """With a poll every 200 ms at most, a change is on the other side well under a second later."""
    following = follower(listener_token)
    for value in range(5):
        await tell(source, value)
        await following.step(here, to_teller, listener_token)
        assert await effects(here) == list(range(value + 1))
    assert IDLE_SECONDS <= 0.2


async def test_types_nobody_handles_are_passed_over(
    source: Database, here: Database, to_teller: httpx.AsyncClient
) -> None:
    async with source.system_session("tests") as session:
        emit(session, lost(1), moved(2), lost(3))
    following = follower(listener_token)
    assert await following.step(here, to_teller, listener_token) is False
    assert await effects(here) == [2]
    await tell(source, 4)
    await following.step(here, to_teller, listener_token)
    assert await effects(here) == [2, 4]


async def test_replay_from_zero_builds_the_same_state(
    source: Database, here: Database, to_teller: httpx.AsyncClient, listener: ServiceUnderTest
) -> None:
    following = follower(listener_token, page=7)
    for start in range(0, 40, 10):
        await tell(source, *range(start, start + 10))
    while await following.step(here, to_teller, listener_token):
        pass
    state = "SELECT fact_id, counter, value FROM effects ORDER BY number"
    built = await listener.rows(state)
    assert len(built) == 40
    await following.replay(here)
    assert await listener.rows(state) == []
    while await following.step(here, to_teller, listener_token):
        pass
    assert await listener.rows(state) == built


async def test_replicas_share_the_work_without_doubling_it(
    source: Database, here: Database, to_teller: httpx.AsyncClient
) -> None:
    await tell(source, *range(90))
    replicas = [follower(listener_token, page=9) for _ in range(3)]

    async def follow(replica: Follower) -> None:
        for _ in range(15):
            await replica.step(here, to_teller, listener_token)

    await asyncio.gather(*map(follow, replicas))
    assert await effects(here) == list(range(90))


async def test_a_fact_that_cannot_be_applied_stops_the_source_at_it(
    source: Database, here: Database, to_teller: httpx.AsyncClient
) -> None:
    cured = False

    async def refuse_thirteen(session: AsyncSession, fact: Published) -> None:
        if fact.payload["value"] == 13 and not cured:
            raise ZeroDivisionError
        session.add(Effect(fact_id=fact.id, counter=fact.subject["counter"], value=fact.payload["value"]))

    following = Follower("teller", {"counter.moved": refuse_thirteen}, token_source=listener_token)
    await tell(source, *range(20))
    for _ in range(3):
        with pytest.raises(FactNotApplied):
            await following.step(here, to_teller, listener_token)
        assert await effects(here) == list(range(13))
    cured = True
    await following.step(here, to_teller, listener_token)
    assert await effects(here) == list(range(20))


async def test_a_fact_its_consumer_cannot_read_stops_the_source_at_it(
    source: Database, here: Database, to_teller: httpx.AsyncClient, teller: ServiceUnderTest
) -> None:
    await tell(source, 1, 2)
    await teller.rows("UPDATE facts SET payload = '{}' WHERE payload @> '{\"value\": 2}'")
    with pytest.raises(FactNotApplied):
        await follower(listener_token).step(here, to_teller, listener_token)
    assert await effects(here) == [1]


async def test_a_refused_cursor_stops_the_source_until_a_replay(
    source: Database, here: Database, to_teller: httpx.AsyncClient, teller: ServiceUnderTest
) -> None:
    following = follower(listener_token)
    await tell(source, 1, 2)
    await following.step(here, to_teller, listener_token)
    await teller.rows("DELETE FROM facts WHERE position = 2")
    await tell(source, 3, 4)
    for _ in range(2):
        with pytest.raises(CursorRefusedBySource):
            await following.step(here, to_teller, listener_token)
    assert await effects(here) == [1, 2]
    await following.replay(here)
    await following.step(here, to_teller, listener_token)
    assert await effects(here) == [1, 3, 4]


async def test_the_command_replays_beside_the_service(
    source: Database,
    here: Database,
    to_teller: httpx.AsyncClient,
    listener: ServiceUnderTest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    following = follower(listener_token)
    await tell(source, 1, 2)
    await following.step(here, to_teller, listener_token)
    settings = listener.app.state.service.settings
    for name in ("database_url", "service_key"):
        monkeypatch.setenv(f"ALLER_{name.upper()}", getattr(settings, name).get_secret_value())
    for name in ("environment", "jwks", "gateway_url"):
        monkeypatch.setenv(f"ALLER_{name.upper()}", getattr(settings, name))
    done = await asyncio.to_thread(CliRunner().invoke, cli, ["replay", "listener_service", "teller"])
    assert done.exit_code == 0, done.output
    assert await effects(here) == []
    await following.step(here, to_teller, listener_token)
    assert await effects(here) == [1, 2]


def test_an_outage_of_any_length_ends_within_seconds_of_its_end() -> None:
    waits = [backoff(failures) for failures in range(1, 5000)]
    assert max(waits) <= 5
    assert min(waits[6:]) >= 2.5


def test_a_handler_says_in_which_model_it_reads() -> None:
    async def unannotated(session, fact):  # type: ignore[no-untyped-def]  # what must be refused
        pass

    with pytest.raises(TypeError):
        Follower("teller", {"counter.moved": unannotated})
    [model] = Follower("teller", {"counter.moved": on_moved}).models.values()
    assert model is Published[CounterSubject, Moved]
