"""The service on its own database, with the reference data loaded once."""

from collections.abc import AsyncIterator

import pytest

from partners_service.app import REFERENCE_TABLES
from partners_service.bodies.loading import load
from servicekit.testing import ServiceUnderTest, fixtures_for

from .situations import Town

_service, _emptied, client_as = fixtures_for("partners_service", keep=REFERENCE_TABLES)


@pytest.fixture
async def under_test(_service: ServiceUnderTest) -> AsyncIterator[ServiceUnderTest]:
    """Return the service with its bodies, departments and units, and nothing else."""
    async with _service.app.state.service.database.system_session("reference.load") as session:
        loaded = await load(session)
    if loaded:
        await _service.empty()
    yield _service
    await _service.empty()


@pytest.fixture
def town(under_test: ServiceUnderTest) -> Town:
    """Return Haute-Garonne."""
    return Town(under_test)


@pytest.fixture
def elsewhere(under_test: ServiceUnderTest) -> Town:
    """Return another caisse: Finistère."""
    return Town(under_test, "291")
