"""The second migration: models and database agree, and it can be undone and done again."""

import pytest

from servicekit import migrations
from servicekit.testing import ServiceUnderTest

PACKAGE = "referrals_service"


@pytest.mark.usefixtures("_service")
def test_models_and_database_agree(admin_url: str) -> None:
    assert migrations.drift(admin_url, PACKAGE) == []


async def test_numbers_are_drawn_by_caisse_and_year_and_never_twice(under_test: ServiceUnderTest) -> None:
    drawn = [
        row["number"]
        for caisse, year in [("811", 2031), ("811", 2031), ("811", 2032), ("812", 2031), ("811", 2031)]
        for row in await under_test.rows("SELECT next_request_number(%s, %s) AS number", caisse, year)
    ]
    assert drawn == ["811-2031-000001", "811-2031-000002", "811-2032-000001", "812-2031-000001", "811-2031-000003"]
