"""What every test may ask for: a superuser's URL of a running PostgreSQL."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded.postgres import Cluster


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
