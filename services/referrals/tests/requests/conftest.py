"""The world of requests, and the people most tests need."""

import pytest

from servicekit.access import Actor
from servicekit.testing import ServiceUnderTest

from .situations import World


@pytest.fixture
def world(under_test: ServiceUnderTest) -> World:
    """Return the service and what can be arranged in it."""
    return World(under_test)


@pytest.fixture
async def partner(world: World) -> Actor:
    """Return somebody of a trained structure of Haute-Garonne."""
    return await world.structure()


@pytest.fixture
async def adviser(world: World) -> Actor:
    """Return a MisAS adviser of Haute-Garonne."""
    return await world.adviser()
