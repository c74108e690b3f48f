"""Models and database agree."""

import pytest

from servicekit import migrations


@pytest.mark.usefixtures("_service")
def test_models_and_database_agree(admin_url: str) -> None:
    assert migrations.drift(admin_url, "accompaniments_service") == []
