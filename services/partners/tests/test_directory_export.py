"""Export of the directory: for a reason, with a second factor, kept a day, inert in a spreadsheet."""

import csv
import io
import zipfile
from collections.abc import AsyncIterator
from typing import Any

import pytest

from servicekit.exports import NEVER, ExportColumn
from servicekit.testing import Client, ServiceUnderTest, at_work, ended

from .directory import HEADINGS
from .situations import DESK, Town

EXPORTS = f"{DESK}/exports/structures"
WORKS = f"{DESK}/works"
REASON = "Préparer la réunion de réseau du semestre"


@pytest.fixture
async def working(under_test: ServiceUnderTest) -> AsyncIterator[ServiceUnderTest]:
    """Give the service with its worker running."""
    async with at_work(under_test):
        yield under_test


async def export(desk: Client, **asked: Any) -> dict[str, Any]:
    """Ask for an export and wait; return the work."""
    answer = await desk.post(EXPORTS, {"reason": REASON} | asked)
    assert answer.status_code == 201, answer.text
    return await ended(desk, f"{WORKS}/{answer.json()['id']}")


async def test_an_export_comes_back_as_it_is_known(working: ServiceUnderTest, town: Town) -> None:
    await town.structure(name="=HYPERLINK(1)", kind="ccas")
    await town.structure(name="Mission locale", kind="mission_locale")
    await town.structure("closed", name="Autrefois")
    desk = await town.employ(town.officer_of_the_desk())
    work = await export(desk, state="active")
    assert (work["state"], work["done"], work["reason"]) == ("done", 2, REASON)
    file = await desk.get(f"{EXPORTS}/{work['id']}/file")
    assert file.headers["cache-control"] == "no-store"
    lines = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";"))
    assert [line["Nom"] for line in lines] == ["'=HYPERLINK(1)", "Mission locale"]
    assert list(lines[0])[: len(HEADINGS)] == list(HEADINGS)
    assert (lines[1]["Type"], lines[1]["État"], lines[1]["Portail ouvert le"]) == (
        "Mission locale",
        "Active",
        "09/01/2023",
    )
    entries = await working.rows(
        "SELECT action, resource, resource_ids, fields FROM journal WHERE action LIKE 'structures.export%%' ORDER BY at"
    )
    assert [entry["action"] for entry in entries] == ["structures.export.ask", *["structures.export"] * 2]
    assert len(entries[1]["resource_ids"]) == 2
    assert "identity" in entries[1]["fields"]


async def test_a_workbook_too(working: ServiceUnderTest, town: Town) -> None:
    await town.structure(name="=1+1")
    desk = await town.employ(town.officer_of_the_desk())
    work = await export(desk, form="xlsx")
    file = await desk.get(f"{EXPORTS}/{work['id']}/file")
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


async def test_an_export_asks_for_a_second_factor_and_a_reason(working: ServiceUnderTest, town: Town) -> None:
    refused = await town.desk.post(EXPORTS, {"reason": REASON})
    assert refused.json()["type"] == "/problems/step-up-required"
    desk = await town.employ(town.officer_of_the_desk())
    assert (await desk.post(EXPORTS, {"reason": "parce que"})).status_code == 422
    assert (await desk.post(EXPORTS, {})).status_code == 422
    work = await export(desk)
    actor = desk.actor
    assert actor is not None
    from dataclasses import replace

    later = working.client_as(replace(actor, stepup_at=None))
    assert (await later.get(f"{EXPORTS}/{work['id']}/file")).json()["type"] == "/problems/step-up-required"
    other = town.officer_of_the_desk()
    assert (await other.get(f"{EXPORTS}/{work['id']}/file")).status_code == 404


async def test_a_day_later_the_file_is_gone_and_the_register_stays(working: ServiceUnderTest, town: Town) -> None:
    desk = await town.employ(town.officer_of_the_desk())
    work = await export(desk)
    await working.rows("UPDATE works SET expires_at = now() - interval '1 minute'")
    from servicekit.works.running import forget

    async with working.app.state.service.database.system_session("works.forget") as session:
        await forget(session)
    assert await working.rows("SELECT 1 FROM work_parts") == []
    gone = await desk.get(f"{EXPORTS}/{work['id']}/file")
    assert gone.json()["type"] == "/problems/work-forgotten"
    kept = (await desk.get(f"{WORKS}/{work['id']}")).json()
    assert (kept["state"], kept["reason"], kept["done"]) == ("expired", REASON, 0)


@pytest.mark.parametrize("group", sorted(NEVER))
def test_what_never_leaves_cannot_be_declared(group: str) -> None:
    with pytest.raises(ValueError, match="never exported"):
        ExportColumn("NIR", group)
