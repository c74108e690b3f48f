"""One running gateway a module, emptied after each test."""

from collections.abc import AsyncIterator

import pytest

from .door import Door, opened


@pytest.fixture(scope="module", name="_door")
async def running_door(admin_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    async with opened(admin_url, tmp_path_factory.mktemp("gateway")) as door:
        yield door


@pytest.fixture
async def door(_door: Door) -> AsyncIterator[Door]:
    yield _door
    await _door.emptied()
