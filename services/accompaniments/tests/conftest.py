"""The service on its own database, emptied after each test."""

import pytest

from servicekit.testing import ServiceUnderTest, fixtures_for

from .situations import World

_service, under_test, client_as = fixtures_for("accompaniments_service")


@pytest.fixture
async def world(under_test: ServiceUnderTest) -> World:
    """Return the service with Haute-Garonne in it."""
    world = World(under_test)
    await world.settle()
    return world
