"""What every test may ask for: a superuser's URL of a running PostgreSQL; and how tests share the machine."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from embedded.postgres import Cluster

_PRODUCT_TESTS = ("tests/browser/", "tests/faults/", "tests/journeys/")


@pytest.fixture(scope="session")
def admin_url() -> Iterator[str]:
    """Return the superuser's URL of an empty PostgreSQL, or of the one named by ALLER_TEST_ADMIN_URL."""
    given = os.environ.get("ALLER_TEST_ADMIN_URL")
    if given:
        yield given
        return
    # Not pytest's own folder: nobody but root may enter it, and PostgreSQL is never root.
    with (
        tempfile.TemporaryDirectory(prefix="aller-vers-") as folder,
        Cluster(Path(folder), durable=False) as cluster,
    ):
        yield cluster.admin_url


class _ByCostlyStart(LoadScopeScheduling):  # type: ignore[misc]  # the library has no types
    """Keeps on one worker what shares a costly start: a module's fixtures, or the whole running product."""

    def _split_scope(self, nodeid: str) -> str:
        return "product" if nodeid.startswith(_PRODUCT_TESTS) else nodeid.split("::", 1)[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Share the modules between the workers of `pytest -n`, the running product's first: it is the longest."""
    config.option.loadscopereorder = False
    return _ByCostlyStart(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests of the running product, whatever the number of workers."""
    items.sort(key=lambda item: not item.nodeid.startswith(_PRODUCT_TESTS))
