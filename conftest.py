"""What every test may ask for: a superuser's URL of a running PostgreSQL; and how tests share the machine."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded.postgres import Cluster

_PRODUCT_TESTS = Path(__file__).parent / "tests"


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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what shares a costly start on one worker: a module's fixtures, or the whole running product.

    What uses the running product goes first, because it is the longest, and on one worker, because it is one.
    """
    for item in items:
        shares_product = "world" in item.fixturenames and item.path.is_relative_to(_PRODUCT_TESTS)  # type: ignore[attr-defined]  # of test functions
        item.add_marker(pytest.mark.xdist_group("product" if shares_product else str(item.path)))
    items.sort(key=lambda item: next(item.iter_markers("xdist_group")).args != ("product",))
