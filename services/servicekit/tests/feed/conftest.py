"""Two services made from the mould: the teller publishes, the listener follows."""

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from servicekit.db import Database
from servicekit.testing import ServiceUnderTest, service_under_test

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "teller/src"), str(HERE / "listener/src")]


@pytest.fixture(scope="session")
async def _teller(admin_url: str) -> AsyncIterator[ServiceUnderTest]:
    from listener_service.keys import KNOWN_KEYS

    async with service_under_test("teller_service", admin_url, jwks=json.dumps({"keys": KNOWN_KEYS})) as service:
        yield service


@pytest.fixture(scope="session")
async def _listener(admin_url: str) -> AsyncIterator[ServiceUnderTest]:
    async with service_under_test("listener_service", admin_url) as service:
        yield service


@pytest.fixture
async def teller(_teller: ServiceUnderTest) -> AsyncIterator[ServiceUnderTest]:
    """Give the service that publishes, emptied afterwards."""
    yield _teller
    await _teller.empty()


@pytest.fixture
async def listener(_listener: ServiceUnderTest) -> AsyncIterator[ServiceUnderTest]:
    """Give the service that follows, emptied afterwards."""
    yield _listener
    await _listener.empty()


@pytest.fixture
def source(teller: ServiceUnderTest) -> Database:
    """Give the database of the service that publishes."""
    database: Database = teller.app.state.service.database
    return database


@pytest.fixture
def here(listener: ServiceUnderTest) -> Database:
    """Give the database of the service that follows."""
    database: Database = listener.app.state.service.database
    return database


@pytest.fixture
async def to_teller(teller: ServiceUnderTest) -> AsyncIterator[httpx.AsyncClient]:
    """Give a way to the teller's real routes."""
    transport = httpx.ASGITransport(teller.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://teller") as http:
        yield http
