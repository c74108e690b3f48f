"""`kill -9` in the middle of an import and of an export: both are finished by another process, nothing twice."""

import csv
import io
from collections import Counter

import pytest

from servicekit.testing import ServiceUnderTest
from servicekit.testing_kills import Mortals

from .directory import a_row, as_csv
from .situations import DESK, Town
from .test_directory_import import IMPORTS, WORKS, send

pytestmark = pytest.mark.faults

ROWS = 600


async def test_killed_in_the_middle_nothing_is_done_twice(
    under_test: ServiceUnderTest, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await town.employ(town.officer_of_the_desk())
    mortals = Mortals.of(under_test, monkeypatch)
    receipt = await send(desk, as_csv(a_row(n) for n in range(ROWS)))
    confirmed = await desk.post(f"{IMPORTS}/{receipt['id']}/confirm", if_match=receipt["version"])
    assert confirmed.status_code == 200, confirmed.text
    path = f"{WORKS}/{receipt['id']}"
    deaths = [await mortals.kill_in_the_middle(desk, path, least) for least in (0, 200)]
    assert all(0 < done < ROWS for done in deaths), deaths
    await mortals.finish(desk, path)
    ended = (await desk.get(path)).json()
    assert (ended["done"], ended["counts"]) == (ROWS, {"created": ROWS})
    names = Counter(row["name"] for row in await under_test.rows("SELECT name FROM structures"))
    assert len(names) == ROWS
    assert set(names.values()) == {1}
    facts = Counter(fact["subject"]["structure"] for fact in await under_test.facts())
    assert len(facts) == ROWS
    assert set(facts.values()) == {1}

    asked = await desk.post(f"{DESK}/exports/structures", {"reason": "Vérifier la reprise après un arrêt"})
    assert asked.status_code == 201, asked.text
    path = f"{WORKS}/{asked.json()['id']}"
    exported = await mortals.kill_in_the_middle(desk, path, 0)
    assert exported > 0
    await mortals.finish(desk, path)
    content = (await desk.get(f"{DESK}/exports/structures/{asked.json()['id']}/file")).content
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert Counter(line["Nom"] for line in lines) == names
    journalled = await under_test.rows(
        "SELECT sum(cardinality(resource_ids)) AS n FROM journal WHERE action = 'structures.export' "
        "AND resource = 'structure'"
    )
    assert journalled[0]["n"] == ROWS
