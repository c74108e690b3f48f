"""Import and export of a structure's referrals."""

import asyncio
import csv
import hashlib
import io
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from referrals_service.persons.grants import SUBMIT
from referrals_service.requests import import_persons, importing
from referrals_service.requests.import_rows import LAYOUT
from servicekit import clock
from servicekit.access import Actor
from servicekit.testing import Client, ServiceUnderTest, an_actor, at_work, ended

from .situations import World

IMPORTS = "/api/v1/referrals/partner/imports/requests"
EXPORTS = "/api/v1/referrals/partner/exports/requests"
WORKS = "/api/v1/referrals/partner/works"
BYTES = {"Content-Type": "application/octet-stream"}


@pytest.fixture
async def working(under_test: ServiceUnderTest) -> AsyncIterator[ServiceUnderTest]:
    """Give the service with its worker running."""
    async with at_work(under_test):
        yield under_test


def a_row(name: str, **known: str) -> dict[str, str]:
    """Return somebody to refer, as a row of the file."""
    today = clock.now().strftime("%d/%m/%Y")
    return (
        dict.fromkeys(LAYOUT.headings, "")
        | {
            "Civilité": "Madame",
            "Prénoms": "Sofia",
            "Nom": name,
            "Date de naissance": "12/03/1989",
            "Téléphone": "612345678",
            "À qui est le téléphone": "Son mobile",
            "Adultes au foyer": "1",
            "Enfants nés le": "02/05/2023 | 01/01/2020",
            "Objet de la saisine": "Renoncement aux soins | acces_droits",
            "Aide attendue": "L'aider à choisir une complémentaire santé",
            "Soin abandonné": "Soins dentaires",
            "Raisons du renoncement": "Reste à charge trop élevé",
            "Personne informée le": today,
            "Accepte d'être appelée": "oui",
            "Accord donné": "De vive voix",
        }
        | known
    )


def a_file(rows: Iterable[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, LAYOUT.headings, delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("cp1252")


async def send(client: Client, rows: Iterable[dict[str, str]], mode: str) -> dict[str, Any]:
    answer = await client.request("POST", f"{IMPORTS}?mode={mode}", content=a_file(rows), headers=BYTES)
    assert answer.status_code == 201, answer.text
    receipt: dict[str, Any] = answer.json()
    return receipt


async def bring_in(client: Client, rows: Iterable[dict[str, str]], mode: str = "file") -> dict[str, Any]:
    receipt = await send(client, rows, mode)
    confirmed = await client.post(f"{IMPORTS}/{receipt['id']}/confirm", if_match=receipt["version"])
    assert confirmed.status_code == 200, confirmed.text
    return await ended(client, f"{WORKS}/{receipt['id']}", seconds=60)


def name(rank: int) -> str:
    return "Essai" + "".join(chr(ord("a") + int(digit)) for digit in str(rank))


async def test_sent_once_whoever_of_the_structure_sends_again(
    working: ServiceUnderTest, world: World, partner: Actor
) -> None:
    client = world.client(partner)
    rows = [a_row(name(n)) for n in range(20)]
    work = await bring_in(client, rows)
    assert work["counts"] == {"created": 20}, work
    filed = await working.rows("SELECT number, state, due_on, author FROM requests")
    assert len(filed) == 20
    assert {row["state"] for row in filed} == {"submitted"}
    assert {row["author"] for row in filed} == {partner.sub}
    person = (await working.rows("SELECT * FROM persons LIMIT 1"))[0]
    assert (person["phone"], len(person["children_born_on"]), person["adults"]) == ("+33612345678", 2, 1)
    other = await world.employ(an_actor(partner.audience, "partner_user", structure=partner.structure))
    colleague = world.client(other)
    await world.train(partner)
    for sender in (client, colleague):
        again = await bring_in(sender, rows)
        assert again["counts"] == {"unchanged": 20}
    assert len(await working.rows("SELECT 1 FROM requests")) == 20
    assert len(await working.rows("SELECT 1 FROM persons")) == 20
    subjects = await working.rows(
        "SELECT sum(cardinality(subjects)) AS n FROM journal WHERE action = 'requests.import'"
    )
    assert subjects[0]["n"] == 20


async def test_faulty_rows_say_why_and_hold_up_nobody(working: ServiceUnderTest, world: World, partner: Actor) -> None:
    faults = [
        {"Date de naissance": "31/02/1989"},
        {"Accepte d'être appelée": "non"},
        {"Raisons du renoncement": ""},
        {"Téléphone": "12"},
        {"Situation": "Son numéro : 2 89 03 31 555 123 " + "87"},
        {"Objet de la saisine": "Autre chose"},
    ]
    client = world.client(partner)
    rows = [a_row(name(n), **fault) for n, fault in enumerate([*faults[:4], *faults[5:]])]
    receipt = await send(client, [*rows, a_row("Bon"), a_row("Bon")], "file")
    preview = (await client.get(f"{IMPORTS}/{receipt['id']}/preview")).json()
    told = [row["problems"][0]["column"] for row in preview["faulty"]]
    assert told == [
        "Date de naissance",
        "Accepte d'être appelée",
        "Raisons du renoncement",
        "Téléphone",
        "Objet de la saisine",
        None,
    ]
    confirmed = await client.post(f"{IMPORTS}/{receipt['id']}/confirm", if_match=receipt["version"])
    assert confirmed.status_code == 200
    work = await ended(client, f"{WORKS}/{receipt['id']}")
    assert work["counts"] == {"faulty": 6, "created": 1}


async def test_drafts_may_still_lack_something(working: ServiceUnderTest, world: World, partner: Actor) -> None:
    client = world.client(partner)
    rows = [a_row(name(n), **{"Raisons du renoncement": "", "Accepte d'être appelée": "non"}) for n in range(3)]
    work = await bring_in(client, rows, "draft")
    assert work["counts"] == {"created": 3}
    drafts = await working.rows("SELECT draft_form FROM requests WHERE coarse = 'draft'")
    assert len(drafts) == 3
    assert drafts[0]["draft_form"]["scopes"] == ["renoncement_soins", "acces_droits"]


async def test_a_refusal_during_the_work_concerns_its_row_only(
    working: ServiceUnderTest, world: World, partner: Actor
) -> None:
    """An untrained detector where the caisse asks for training: nothing of the row stays, not even the person."""
    await world.setting("311", "misas_training", '"refuse"')
    untrained = await world.structure(trained=False)
    work = await bring_in(world.client(untrained), [a_row("Un"), a_row("Deux")])
    assert (work["state"], work["counts"]) == ("done", {"faulty": 2})
    assert await working.rows("SELECT 1 FROM persons") == []
    assert await working.rows("SELECT 1 FROM import_keys") == []
    corrections = await world.client(untrained).get(f"{IMPORTS}/{work['id']}/corrections?form=csv")
    assert "formation de détecteur" in corrections.content.decode("utf-8-sig")


async def test_a_closed_portal_takes_no_file(world: World) -> None:
    suspended = await world.structure(state="suspended")
    answer = await world.client(suspended).request("POST", IMPORTS, content=a_file([a_row("Un")]), headers=BYTES)
    assert answer.json()["type"] == "/problems/portal-closed"


async def test_the_structure_exports_its_own_requests_without_a_number(
    working: ServiceUnderTest, world: World, partner: Actor
) -> None:
    await bring_in(world.client(partner), [a_row(name(n)) for n in range(3)])
    other = await world.structure()
    await bring_in(world.client(other), [a_row("Ailleurs")])
    stepped_up = world.client(
        an_actor(
            partner.audience,
            "partner_user",
            sub=partner.sub,
            structure=partner.structure,
            stepup_at=int(clock.system_now().timestamp()),
        )
    )
    asked = await stepped_up.post(EXPORTS, {"reason": "Bilan trimestriel de la structure"})
    assert asked.status_code == 201, asked.text
    work = await ended(stepped_up, f"{WORKS}/{asked.json()['id']}")
    assert (work["state"], work["done"]) == ("done", 3)
    content = (await stepped_up.get(f"{EXPORTS}/{work['id']}/file")).content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(content), delimiter=";"))
    assert {line["Personne"] for line in lines} == {f"Sofia {name(n).upper()}" for n in range(3)}
    assert {line["État"] for line in lines} == {"Reçue"}
    assert not any("sécurité sociale" in heading.lower() or "nir" in heading.lower() for heading in lines[0])
    entries = await working.rows(
        "SELECT subjects FROM journal WHERE action = 'requests.export' AND resource = 'request'"
    )
    assert sum(len(entry["subjects"]) for entry in entries) == 3
    left = await working.rows("SELECT person_id, item, recipient, structure_id FROM person_disclosures")
    assert {row["person_id"] for row in left} == {person for entry in entries for person in entry["subjects"]}
    assert {(row["item"], row["recipient"], row["structure_id"]) for row in left} == {
        ("export", str(partner.structure), partner.structure)
    }


async def test_drafts_are_sent_by_the_same_file_once_it_is_to_be_sent(
    working: ServiceUnderTest, world: World, partner: Actor
) -> None:
    client = world.client(partner)
    rows = [a_row(name(n)) for n in range(4)]
    await bring_in(client, rows, "draft")
    assert (await bring_in(client, rows, "draft"))["counts"] == {"unchanged": 4}
    prepared = await send(client, rows, "file")
    preview = (await client.get(f"{IMPORTS}/{prepared['id']}/preview")).json()
    assert preview["expected"] == {"updated": 4}
    assert (await bring_in(client, rows, "file"))["counts"] == {"updated": 4}
    assert [row["state"] for row in await working.rows("SELECT state FROM requests")] == ["submitted"] * 4
    assert (await bring_in(client, rows, "file"))["counts"] == {"unchanged": 4}


async def test_a_draft_is_sent_as_it_was_completed_since(
    working: ServiceUnderTest, world: World, partner: Actor
) -> None:
    client = world.client(partner)
    incomplete = {"Raisons du renoncement": "", "Note pour la mission": "De la ligne"}
    await bring_in(client, [a_row("Corrigee", **incomplete), a_row("Completee", **incomplete)], "draft")
    refused = await bring_in(client, [a_row("Corrigee", **incomplete)])
    assert refused["counts"] == {"faulty": 1}
    [touched] = await working.rows(
        "SELECT r.id, r.version, r.draft_form FROM requests r JOIN persons p ON p.id = r.person_id "
        "WHERE p.last_name = 'Completee'"
    )
    form = touched["draft_form"] | {"detector_note": "De la main"}
    form["renounced_care"][0]["reasons"] = ["out_of_pocket"]
    path = f"/api/v1/referrals/partner/requests/{touched['id']}/form"
    saved = await client.request("PUT", path, json=form, if_match=touched["version"])
    assert saved.status_code == 200, saved.text
    both = [a_row("Corrigee", **{"Note pour la mission": "De la ligne, corrigée"}), a_row("Completee", **incomplete)]
    assert (await bring_in(client, both))["counts"] == {"updated": 2}
    notes = await working.rows("SELECT detector_note FROM misas_referrals")
    assert {row["detector_note"] for row in notes} == {"De la ligne, corrigée", "De la main"}


async def test_what_no_longer_lives_may_be_imported_again(
    working: ServiceUnderTest, world: World, partner: Actor
) -> None:
    client = world.client(partner)
    rows = [a_row("Abandon")]
    for times in (1, 2, 3):
        assert (await bring_in(client, rows, "draft"))["counts"] == {"created": 1}
        [draft] = await working.rows("SELECT id, version FROM requests WHERE coarse = 'draft'")
        path = f"/api/v1/referrals/partner/requests/{draft['id']}/discard"
        assert (await client.post(path, if_match=draft["version"])).status_code == 200
        assert len(await working.rows("SELECT 1 FROM import_keys")) == 1
        assert len(await working.rows("SELECT 1 FROM requests")) == times
    assert len(await working.rows("SELECT 1 FROM persons")) == 1


async def test_a_new_person_on_two_rows_is_entered_once(
    working: ServiceUnderTest, world: World, partner: Actor
) -> None:
    yesterday = (clock.now() - timedelta(days=1)).strftime("%d/%m/%Y")
    rows = [a_row("Unique"), a_row("Unique", **{"Personne informée le": yesterday})]
    work = await bring_in(world.client(partner), rows)
    assert work["counts"] == {"created": 1, "unchanged": 1}
    assert len(await working.rows("SELECT 1 FROM persons")) == 1


async def test_two_files_at_once_enter_a_new_person_once(world: World, partner: Actor) -> None:
    row, problems = LAYOUT.check(
        {column.path: cell for column in LAYOUT.columns if (cell := a_row("Ensemble")[column.heading])}
    )
    assert row is not None, problems
    database = world.under_test.app.state.service.database
    sender = replace(partner, purpose=SUBMIT)

    async def one_file() -> None:
        async with database.session(database.scope_of(sender)) as session:
            known = await importing.prepare(session, sender, importing.DRAFT, [row])
            await asyncio.sleep(0.3)
            await import_persons.enter(session, sender, row, known)

    await asyncio.gather(one_file(), one_file())
    assert len(await world.under_test.rows("SELECT 1 FROM persons")) == 1


async def test_what_a_row_tells_of_a_known_person_goes_to_her_record(
    working: ServiceUnderTest, world: World, partner: Actor
) -> None:
    client = world.client(partner)
    await bring_in(client, [a_row("Connue", Interprète="oui", Courriel="sofia@exemple.fr")], "draft")
    later = (clock.now() - timedelta(days=1)).strftime("%d/%m/%Y")
    told = {
        "Personne informée le": later,
        "Heures où appeler sans risque": "Le matin seulement",
        "Enfants nés le": "",
        "Adultes au foyer": "2",
    }
    assert (await bring_in(client, [a_row("Connue", **told)]))["counts"] == {"created": 1}
    [person] = await working.rows("SELECT * FROM persons")
    assert person["safe_hours"] == "Le matin seulement"
    assert (person["interpreter"], person["email"]) == (True, "sofia@exemple.fr")
    assert (person["adults"], len(person["children_born_on"]), person["version"]) == (2, 2, 2)


async def test_a_record_that_the_caisse_keeps_is_not_corrected_by_a_file(
    working: ServiceUnderTest, world: World, partner: Actor
) -> None:
    client = world.client(partner)
    await bring_in(client, [a_row("Reprise")], "draft")
    await working.rows("UPDATE person_grants SET purpose = 'referral.follow' WHERE holder_kind = 'structure'")
    told = {"Personne informée le": (clock.now() - timedelta(days=1)).strftime("%d/%m/%Y")}
    faulty = a_row("Reprise", **told, **{"Heures où appeler sans risque": "Le soir"})
    prepared = await send(client, [faulty, a_row("Autre")], "draft")
    preview = (await client.get(f"{IMPORTS}/{prepared['id']}/preview")).json()
    [row] = preview["faulty"]
    assert "que la caisse tient désormais" in row["problems"][0]["message"]
    assert (await bring_in(client, [a_row("Reprise", **told)], "draft"))["counts"] == {"created": 1}


async def test_what_was_imported_is_not_told_by_a_plain_digest(
    working: ServiceUnderTest, world: World, partner: Actor
) -> None:
    await bring_in(world.client(partner), [a_row("Essai")], "draft")
    [kept] = await working.rows("SELECT key FROM import_keys")
    informed = clock.now().date().isoformat()
    assert bytes(kept["key"]) != hashlib.sha256(f"essai|sofia|1989-03-12|{informed}".encode()).digest()
    keyring = working.app.state.service.settings.keyring
    content = f"import|requests.import|{partner.structure}|essai|sofia|1989-03-12|{informed}".encode()
    assert bytes(kept["key"]) == keyring.digests(content, "311")[0]
