"""A structure with somebody acting for it, and an adviser of its caisse."""

import pytest

from servicekit.access import Audience
from servicekit.testing import ServiceUnderTest, an_actor

from .situations import Here, a_structure


@pytest.fixture
async def here(under_test: ServiceUnderTest) -> Here:
    """Return a structure that may type a NIR, and an adviser."""
    partner = await a_structure(under_test, nir_allowed=True)
    return Here(under_test, partner, an_actor(Audience.AGENT, "conseiller_misas"))
