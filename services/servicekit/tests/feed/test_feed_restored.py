"""A feed dumped in the middle of its life and restored into another cluster."""

import os
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from listener_service.followers import follower
from listener_service.keys import listener_token
from listener_service.models import effects
from sqlalchemy import make_url
from teller_service.app import assemble
from teller_service.settings import Settings
from teller_service.telling import moved, read_all, tell, values

from embedded import binaries
from embedded.postgres import Cluster
from servicekit import schema, testing
from servicekit.db import Database
from servicekit.facts import emit
from servicekit.follower import CursorRefusedBySource
from servicekit.testing import ServiceUnderTest

PASSWORD = "restored-elsewhere"


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """Give the superuser's URL of another cluster, whose transaction ids are far below the first one's."""
    with (
        tempfile.TemporaryDirectory(prefix="aller-vers-") as folder,
        Cluster(Path(folder), durable=False) as cluster,
    ):
        schema.provision(cluster.admin_url, "teller", PASSWORD)
        yield cluster.admin_url


def _run(program: str, url: str, *arguments: str, given: bytes = b"") -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        command = binaries.find(Path(folder)).bin / program
    parts = make_url(url)
    environment = {**os.environ, "PGPASSWORD": str(parts.password)}
    where = ["-h", str(parts.host), "-p", str(parts.port), "-U", str(parts.username), "-d", "aller_teller"]
    done = subprocess.run([command, *where, *arguments], input=given, env=environment, capture_output=True, check=True)
    return done.stdout


def dump(admin_url: str) -> bytes:
    """Dump the database of the teller."""
    return _run("pg_dump", admin_url)


@pytest.fixture
async def restored(elsewhere: str) -> AsyncIterator[FastAPI]:
    """Give the teller as it will be served from the other cluster."""
    login = make_url(elsewhere).set(
        drivername="postgresql+psycopg", username="teller_login", password=PASSWORD, database="aller_teller"
    )
    app = assemble(Settings.ephemeral(database_url=login.render_as_string(hide_password=False), jwks=testing.JWKS))
    yield app
    await app.state.service.database.close()


def reach(app: FastAPI) -> httpx.AsyncClient:
    """Return a way to the routes of `app`."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://teller")


async def test_a_follower_goes_on_after_a_restore_with_leftovers(
    source: Database, teller: ServiceUnderTest, here: Database, admin_url: str, elsewhere: str, restored: FastAPI
) -> None:
    following = follower(listener_token, page=4)
    await tell(source, *range(10))
    async with reach(teller.app) as http:
        await following.step(here, http, listener_token)  # ten are stamped, four are applied
    await tell(source, 10, 11)  # committed, not stamped
    async with source.system_session("tests") as late:
        emit(late, moved(99))
        await late.flush()
        dumped = dump(admin_url)  # a transaction is under way: its fact is not part of the dump
    _run("psql", elsewhere, "-q", "-v", "ON_ERROR_STOP=1", given=dumped)

    database: Database = restored.state.service.database
    await tell(database, 12, 13)
    async with reach(restored) as http:
        while await following.step(here, http, listener_token):
            pass
    assert await effects(here) == list(range(14))
    assert values(await read_all(database)) == list(range(14))


async def test_a_restore_that_lost_what_was_read_stops_the_follower(
    source: Database, teller: ServiceUnderTest, here: Database, admin_url: str, elsewhere: str, restored: FastAPI
) -> None:
    following = follower(listener_token)
    await tell(source, 0, 1)
    await read_all(source)
    dumped = dump(admin_url)
    await tell(source, 2, 3)
    async with reach(teller.app) as http:
        await following.step(here, http, listener_token)
    _run("psql", elsewhere, "-q", "-v", "ON_ERROR_STOP=1", given=dumped)

    database: Database = restored.state.service.database
    await tell(database, 12, 13, 14)  # as many as were lost, and one more
    async with reach(restored) as http:
        with pytest.raises(CursorRefusedBySource):
            await following.step(here, http, listener_token)
        assert await effects(here) == [0, 1, 2, 3]
        await following.replay(here)
        await following.step(here, http, listener_token)
    assert await effects(here) == [0, 1, 12, 13, 14]
