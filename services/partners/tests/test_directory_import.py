"""Import of a directory of partners: read, shown, done once; what is refused comes back to be corrected."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from servicekit.access import Audience
from servicekit.sheets import reading
from servicekit.testing import Client, ServiceUnderTest, an_actor, at_work, ended

from .directory import FAULTS, HEADINGS, a_row, as_csv, as_xlsx
from .situations import DESK, Town

IMPORTS = f"{DESK}/imports/structures"
WORKS = f"{DESK}/works"
BYTES = {"Content-Type": "application/octet-stream"}


@pytest.fixture
async def working(under_test: ServiceUnderTest, town: Town) -> AsyncIterator[ServiceUnderTest]:
    """Give the service with its worker running, and the desk its role."""
    await town.employ(town.desk)
    async with at_work(under_test):
        yield under_test


async def send(desk: Client, content: bytes, mode: str = "prospect") -> dict[str, Any]:
    """Upload a file; return the receipt."""
    answer = await desk.request("POST", f"{IMPORTS}?mode={mode}", content=content, headers=BYTES)
    assert answer.status_code == 201, answer.text
    receipt: dict[str, Any] = answer.json()
    return receipt


async def bring_in(desk: Client, content: bytes, mode: str = "prospect") -> dict[str, Any]:
    """Upload a file, confirm it, wait; return the work."""
    receipt = await send(desk, content, mode)
    path = f"{IMPORTS}/{receipt['id']}/confirm"
    answer = await desk.post(path, if_match=receipt["version"])
    assert answer.status_code == 200, answer.text
    return await ended(desk, f"{WORKS}/{receipt['id']}")


async def structures(service: ServiceUnderTest) -> list[dict[str, Any]]:
    return await service.rows("SELECT * FROM structures ORDER BY name_key")


async def test_a_whole_directory_with_its_faulty_rows(working: ServiceUnderTest, town: Town) -> None:
    rows = [a_row(n, **FAULTS[n % len(FAULTS)]) if n % 37 == 5 and n < 1480 else a_row(n) for n in range(1500)]
    faulty = [n for n in range(1500) if n % 37 == 5 and n < 1480]
    assert len(faulty) == 40
    content = as_csv(rows)
    receipt = await send(town.desk, content)
    preview = (await town.desk.get(f"{IMPORTS}/{receipt['id']}/preview")).json()
    assert preview["expected"] == {"created": 1460, "faulty": 40}
    assert [row["line"] for row in preview["faulty"]] == [n + 2 for n in faulty]
    assert all(row["problems"] for row in preview["faulty"])
    assert await structures(working) == []

    confirmed = await town.desk.post(f"{IMPORTS}/{receipt['id']}/confirm", if_match=receipt["version"])
    assert confirmed.status_code == 200
    work = await ended(town.desk, f"{WORKS}/{receipt['id']}", seconds=240)
    assert (work["state"], work["done"], work["counts"]) == ("done", 1500, {"created": 1460, "faulty": 40})
    assert len(await structures(working)) == 1460
    assert len(await working.facts()) == 1460
    journalled = await working.rows(
        "SELECT sum(cardinality(resource_ids)) AS n FROM journal WHERE action = 'structures.import'"
    )
    assert journalled[0]["n"] >= 1460

    again = await bring_in(town.desk, content)
    assert again["counts"] == {"unchanged": 1460, "faulty": 40}
    assert len(await structures(working)) == 1460
    assert len(await working.facts()) == 1460

    corrected = await town.desk.get(f"{IMPORTS}/{receipt['id']}/corrections?form=csv")
    back = list(csv.DictReader(io.StringIO(corrected.content.decode("utf-8-sig")), delimiter=";"))
    assert [int(row["Ligne du fichier"]) for row in back] == [n + 2 for n in faulty]
    assert all(row["Motif du refus"] for row in back)
    for row, n in zip(back, faulty, strict=True):
        row.update(a_row(n))
    repaired = await bring_in(town.desk, as_csv({h: row[h] for h in HEADINGS} for row in back))
    assert repaired["counts"] == {"created": 40}


async def test_every_refusal_names_its_column_and_never_what_was_typed(town: Town) -> None:
    rows = [a_row(n, **fault) for n, fault in enumerate(FAULTS)]
    receipt = await send(town.desk, as_csv(rows))
    preview = (await town.desk.get(f"{IMPORTS}/{receipt['id']}/preview")).json()
    assert len(preview["faulty"]) == len(FAULTS)
    for row, fault in zip(preview["faulty"], FAULTS, strict=True):
        heading, typed = next(iter(fault.items()))
        assert [problem["column"] for problem in row["problems"]] == [heading]
        assert not typed or typed not in row["problems"][0]["message"]


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8", ","), ("cp1252", ";"), ("utf-16", "\t")])
async def test_files_of_every_office(working: ServiceUnderTest, town: Town, encoding: str, delimiter: str) -> None:
    work = await bring_in(town.desk, as_csv([a_row(1, Commune="Saint-Élix")], encoding=encoding, delimiter=delimiter))
    assert work["counts"] == {"created": 1}
    assert (await structures(working))[0]["commune"] == "Saint-Élix"


async def test_a_workbook_gives_back_the_zeros_it_took(working: ServiceUnderTest, town: Town) -> None:
    row = a_row(1, **{"Code postal": "09000", "Département": "09", "Téléphone": "0561000000"})
    work = await bring_in(town.desk, as_xlsx([row]))
    assert work["counts"] == {"created": 1}
    found = (await structures(working))[0]
    assert (found["postcode"], found["department"], found["phone"]) == ("09000", "09", "0561000000")
    assert found["siret"] == row["SIRET"]


async def test_what_changed_is_corrected_and_what_is_left_empty_stays(working: ServiceUnderTest, town: Town) -> None:
    row = a_row(1)
    await bring_in(town.desk, as_csv([row]))
    moved = row | {
        "Adresse": "1 place Neuve",
        "Téléphone": "",
        "Courriel du référent": "",
        "Nom du référent": "",
        "Prénom du référent": "",
        "Fonction du référent": "",
    }
    assert (await bring_in(town.desk, as_csv([moved])))["counts"] == {"updated": 1}
    found = await structures(working)
    assert [(s["address_lines"], s["phone"], s["referent_last_name"]) for s in found] == [
        ("1 place Neuve", "0561000000", "Roux")
    ]


async def test_twins_in_the_file_and_in_the_caisse(working: ServiceUnderTest, town: Town) -> None:
    row = a_row(1)
    receipt = await send(town.desk, as_csv([row, row | {"Adresse": "ailleurs"}, a_row(2)]))
    preview = (await town.desk.get(f"{IMPORTS}/{receipt['id']}/preview")).json()
    assert preview["expected"] == {"created": 2, "faulty": 1}
    assert preview["faulty"][0]["problems"] == [{"column": None, "message": "Cette ligne répète la ligne 2."}]
    await town.structure("closed", name=row["Nom"], siret=row["SIRET"])
    assert (await bring_in(town.desk, as_csv([row])))["counts"] == {"created": 1}


async def test_a_registration_asks_for_a_number_and_a_referent(working: ServiceUnderTest, town: Town) -> None:
    rows = [a_row(1, SIRET=""), a_row(2)]
    work = await bring_in(town.desk, as_csv(rows), "registration")
    assert work["counts"] == {"created": 1, "faulty": 1}
    assert [s["state"] for s in await structures(working)] == ["registration_requested"]


async def test_an_import_is_seen_by_who_sent_it_in_that_role(working: ServiceUnderTest, town: Town) -> None:
    receipt = await send(town.desk, as_csv([a_row(1)]))
    actor = town.desk.actor
    assert actor is not None
    for other in (
        an_actor(Audience.AGENT, "coordinateur", unit="cas"),
        an_actor(Audience.AGENT, "responsable_unite", sub=actor.sub, unit="cas"),
        an_actor(Audience.AGENT, "coordinateur", sub=actor.sub, caisse="291", unit="cas"),
    ):
        stranger = working.client_as(other)
        assert (await stranger.get(f"{WORKS}/{receipt['id']}")).status_code == 404
        assert (await stranger.get(f"{IMPORTS}/{receipt['id']}/preview")).status_code == 404
        assert (await stranger.get(WORKS)).json()["items"] == []
        refused = await stranger.post(f"{IMPORTS}/{receipt['id']}/confirm", if_match=1)
        assert refused.status_code == 404
    assert [work["id"] for work in (await town.desk.get(WORKS)).json()["items"]] == [receipt["id"]]


async def test_confirmed_once_and_cancelled(working: ServiceUnderTest, town: Town) -> None:
    receipt = await send(town.desk, as_csv([a_row(1)]))
    assert (await town.desk.post(f"{WORKS}/{receipt['id']}/cancel")).status_code == 200
    late = await town.desk.post(f"{IMPORTS}/{receipt['id']}/confirm", if_match=receipt["version"] + 1)
    assert late.status_code == 409
    assert await working.rows("SELECT 1 FROM work_rows") == []
    work = await bring_in(town.desk, as_csv([a_row(1)]))
    assert (await town.desk.post(f"{WORKS}/{work['id']}/cancel")).status_code == 409


async def test_what_is_kept_is_sealed_then_erased(working: ServiceUnderTest, town: Town) -> None:
    receipt = await send(town.desk, as_csv([a_row(1, **{"Nom du référent": "Zébulonne"})]))
    kept = await working.rows("SELECT sealed FROM work_rows")
    assert len(kept) == 1
    assert "Zébulonne".encode() not in kept[0]["sealed"]
    await working.rows("UPDATE works SET expires_at = now() - interval '1 minute'")
    from servicekit.works.running import forget

    async with working.app.state.service.database.system_session("works.forget") as session:
        await forget(session)
    assert await working.rows("SELECT sealed FROM work_rows") == []
    work = (await town.desk.get(f"{WORKS}/{receipt['id']}")).json()
    assert (work["state"], work["forgotten"]) == ("expired", True)
    assert (await town.desk.get(f"{IMPORTS}/{receipt['id']}/preview")).status_code == 409


async def test_files_that_are_no_directory(town: Town) -> None:
    for content, status in (
        (b"", 422),
        (b"%PDF-1.7\n%\x00\xff", 422),
        (b"\xd0\xcf\x11\xe0" + bytes(600), 422),
        (b"PK\x03\x04 not a workbook", 422),
        (b"Nom;Commune\nCCAS;Muret\n", 422),
        (as_csv([]), 422),
        (as_csv([a_row(1)]).replace(b"Association Entraide", b'"Association'), 422),
        (b"a" * (reading.MOST_BYTES + 1), 413),
    ):
        answer = await town.desk.request("POST", IMPORTS, content=content, headers=BYTES)
        assert answer.status_code == status, (content[:20], answer.text)


async def test_an_import_whose_person_sends_it_twice_is_one(town: Town) -> None:
    key = uuid4()
    content = as_csv([a_row(1)])
    first = await town.desk.request("POST", IMPORTS, content=content, headers=BYTES, key=key)
    second = await town.desk.request("POST", IMPORTS, content=content, headers=BYTES, key=key)
    assert first.json() == second.json()


async def test_the_template_comes_back_in(working: ServiceUnderTest, town: Town) -> None:
    for form in ("csv", "xlsx"):
        template = await town.desk.get(f"{IMPORTS}/template?form={form}")
        assert template.headers["content-disposition"] == f'attachment; filename="modele-structures.{form}"'
        receipt = await send(town.desk, template.content)
        preview = (await town.desk.get(f"{IMPORTS}/{receipt['id']}/preview")).json()
        assert preview["expected"] == {"created": 1}, preview
