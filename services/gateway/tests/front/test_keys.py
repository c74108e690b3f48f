"""Keys are renewed without a token ever being refused, and stay sealed where they are kept."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from gateway_service.oauth.keys import KEPT_AFTER, PUBLISHED_BEFORE, USED_FOR, KeyRing, Plan, plan
from gateway_service.sealing import Vault
from servicekit import clock

from .door import Door

START = datetime(2026, 11, 1, tzinfo=UTC)
FIRST, SECOND, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)
A_SECOND = timedelta(seconds=1)


def test_the_first_key_is_used_at_once() -> None:
    assert plan([], START) == Plan(make_for=START, drop=())


def test_nothing_to_do_while_the_key_is_young() -> None:
    keys = [(FIRST, START)]
    assert plan(keys, START + USED_FOR - PUBLISHED_BEFORE - A_SECOND) == Plan(None, ())


def test_the_next_key_is_published_ten_minutes_before_its_use() -> None:
    now = START + USED_FOR - PUBLISHED_BEFORE
    assert plan([(FIRST, START)], now) == Plan(make_for=now + timedelta(minutes=10), drop=())
    assert timedelta(minutes=10) <= PUBLISHED_BEFORE


def test_once_made_it_is_not_made_again() -> None:
    keys = [(FIRST, START), (SECOND, START + USED_FOR)]
    assert plan(keys, START + USED_FOR - A_SECOND) == Plan(None, ())


def test_the_old_key_outlives_its_use_by_ten_minutes_at_least() -> None:
    keys = [(FIRST, START), (SECOND, START + USED_FOR)]
    assert plan(keys, START + USED_FOR + timedelta(minutes=10)) == Plan(None, ())
    assert plan(keys, START + USED_FOR + KEPT_AFTER) == Plan(None, drop=(FIRST,))


def test_after_a_long_stop_the_next_key_still_gets_its_ten_minutes() -> None:
    now = START + timedelta(days=90)
    assert plan([(FIRST, START)], now) == Plan(make_for=now + PUBLISHED_BEFORE, drop=())


def test_only_keys_with_a_successor_in_use_are_dropped() -> None:
    keys = [(FIRST, START), (SECOND, START + USED_FOR), (THIRD, START + 2 * USED_FOR)]
    assert plan(keys, START + 2 * USED_FOR) == Plan(None, drop=(FIRST,))
    assert plan(list(reversed(keys)), START + 2 * USED_FOR + KEPT_AFTER).drop == (FIRST, SECOND)


@pytest.fixture
async def ring(door: Door) -> KeyRing:
    """A second process of the same gateway, on keys of its own making."""
    await door.rows("DELETE FROM signing_keys")
    fresh = KeyRing(door.settings.vault())
    await fresh.refresh(door.app.state.service.database)
    return fresh


def kids(ring: KeyRing) -> list[str]:
    return [key["kid"] for key in json.loads(ring.jwks)["keys"]]


async def test_a_whole_rotation(door: Door, ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    database = door.app.state.service.database
    begun = clock.system_now()
    ahead = timedelta()
    real = clock.system_now
    monkeypatch.setattr(clock, "system_now", lambda: real() + ahead)
    old = ring.current().kid

    ahead = USED_FOR - timedelta(minutes=9)
    await ring.refresh(database)
    assert len(kids(ring)) == 2, "the next one is published"
    assert ring.current().kid == old, "and not used yet"

    ahead += timedelta(minutes=11)
    assert ring.current().kid != old, "its time comes without another look at the database"
    new = ring.current().kid
    await ring.refresh(database)
    assert await ring.find(old) is not None, "tokens of the old one are still alive"

    ahead += timedelta(minutes=20)
    await ring.refresh(database)
    assert kids(ring) == [new]
    assert await ring.find(old) is None
    assert await door.rows("SELECT kid FROM signing_keys") == [{"kid": new}]
    assert begun < clock.system_now()


async def test_processes_that_rotate_together_make_one_key(door: Door, ring: KeyRing) -> None:
    database = door.app.state.service.database
    await door.rows("DELETE FROM signing_keys")
    rings = [KeyRing(door.settings.vault()) for _ in range(6)]
    await asyncio.gather(*(each.refresh(database) for each in rings))
    assert {tuple(kids(each)) for each in rings} == {tuple(kids(rings[0]))}
    assert len(kids(rings[0])) == 1
    later = clock.system_now() + USED_FOR
    await asyncio.gather(*(each.refresh(database, later) for each in rings))
    assert len(await door.rows("SELECT kid FROM signing_keys")) == 2


async def test_an_emergency_leaves_nothing_of_the_old_key(door: Door, ring: KeyRing) -> None:
    old = ring.current().kid
    await ring.replace_at_once(door.app.state.service.database)
    assert old not in kids(ring)
    assert ring.current().kid in kids(ring)
    assert await ring.find(old) is None


async def test_private_keys_are_sealed_and_published_ones_are_public(door: Door, ring: KeyRing) -> None:
    [row] = await door.rows("SELECT * FROM signing_keys")
    assert set(row["public_jwk"]) == {"kty", "crv", "alg", "use", "kid", "x", "y"}
    assert row["kid"].encode() not in row["private_sealed"]
    assert b'"d"' not in row["private_sealed"]
    with pytest.raises(ValueError, match="belong"):
        Vault(b"another master key of 256 bits..").open("signing_key", row["id"], row["private_sealed"])
    answer = await door.http.get("/.well-known/jwks.json")
    assert all("d" not in key for key in answer.json()["keys"])


async def test_a_request_signed_by_the_next_key_passes(door: Door) -> None:
    """The service fetches a name it does not know, so nothing is refused even without the ten minutes."""
    browser = await door.signed_in()
    assert (await browser.get("/api/v1/echo/partner/things")).status_code == 200
    door.echo._verifier = None
    await door.app.state.engine.ring.replace_at_once(door.app.state.service.database)
    assert (await browser.get("/api/v1/echo/partner/things")).status_code == 200
