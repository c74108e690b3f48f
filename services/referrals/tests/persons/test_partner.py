"""A partner structure and its own persons: register, find, read, correct, and nothing of anybody else's."""

import asyncio
import unicodedata
from typing import Any
from uuid import UUID, uuid4

import pytest

from servicekit.access import Audience
from servicekit.testing import an_actor

from .situations import NIR, PARTNER, Here, a_person, a_structure


async def test_a_person_is_registered_announced_and_journalled(here: Here) -> None:
    answer = await here.client(here.partner).post(PARTNER, a_person(identifier={"kind": "nir", "value": NIR}))
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert body == {"id": body["id"], "version": 1, "state": None, "duplicates": []}
    assert answer.headers["etag"] == '"1"'

    [fact] = await here.under_test.facts()
    assert fact == {
        "type": "person.registered",
        "version": 1,
        "caisse": "311",
        "subject": {"person": body["id"], "structure": str(here.partner.structure)},
        "payload": {"identifier_kind": "nir"},
    }
    [entry] = await here.under_test.rows("SELECT action, subjects, after_sha256 FROM journal")
    assert (entry["action"], entry["subjects"]) == ("person.register", [UUID(body["id"])])
    [grant] = await here.under_test.rows("SELECT holder_kind, holder, purpose, revoked_at FROM person_grants")
    assert grant == {
        "holder_kind": "structure",
        "holder": str(here.partner.structure),
        "purpose": "referral.submit",
        "revoked_at": None,
    }


async def test_the_structure_reads_back_everything_but_the_number(here: Here) -> None:
    person_id = await here.register(identifier={"kind": "nir", "value": "2 55 08 14 168 025 38"})
    answer = await here.client(here.partner).get(f"{PARTNER}/{person_id}")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["display_name"] == "Amina Zohra BENALI"
    assert body["number"].startswith("311-P")
    assert body["identity"] == {
        "civility": "madame",
        "first_names": "Amina Zohra",
        "last_name": "Benali",
        "birth_name": "Haddad",
        "birth_on": "1985-03-12",
        "birth_place": "Oran",
        "sex": "female",
    }
    assert body["contact"] == a_person()["contact"] | {"phone": "+33612345678"}
    assert body["household"] == a_person()["household"]
    assert body["identifier"]["kind"] == "nir"
    assert body["abilities"] == {"amend": True}
    assert NIR not in answer.text
    assert "2 55" not in answer.text
    [entry] = await here.under_test.rows("SELECT subjects, fields FROM journal WHERE kind = 'read'")
    assert entry == {"subjects": [person_id], "fields": ["identity", "social", "technical"]}


async def test_a_structure_that_may_not_collect_the_nir_has_no_such_field(here: Here) -> None:
    other = await a_structure(here.under_test, nir_allowed=False)
    for kind in ("nir", "nia"):
        answer = await here.client(other).post(PARTNER, a_person(identifier={"kind": kind, "value": NIR}))
        assert answer.status_code == 422
        assert answer.json()["type"] == "/problems/nir-not-allowed"
        assert answer.json()["errors"][0]["field"] == "identifier.value"
    search = await here.client(other).post(f"{PARTNER}/search", {"identifier": NIR})
    assert search.json()["type"] == "/problems/nir-not-allowed"
    allowed = await here.client(other).post(PARTNER, a_person(identifier={"kind": "nnp", "value": "7131112345678"}))
    assert allowed.status_code == 201
    assert await here.under_test.rows("SELECT 1 FROM persons WHERE structure_id <> %s", other.structure) == []


async def test_a_structure_not_yet_announced_may_not_collect_the_nir(here: Here) -> None:
    unknown = an_actor(Audience.PARTNER, "partner_user")
    answer = await here.client(unknown).post(PARTNER, a_person(identifier={"kind": "nir", "value": NIR}))
    assert answer.json()["type"] == "/problems/nir-not-allowed"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"identifier": {"kind": "nir", "value": "255081416802539"}}, "identifier.value"),
        ({"identifier": {"kind": "nir"}}, "identifier.value"),
        ({"identifier": {"kind": "none"}}, "identifier.none_reason"),
        ({"identifier": {"kind": "none", "none_reason": "not_collected", "value": NIR}}, "identifier.value"),
        ({"birth_on": "2999-01-01"}, "birth_on"),
        ({"birth_on": "1899-12-31"}, "birth_on"),
        ({"last_name": "R2D2"}, "last_name"),
        ({"last_name": " "}, "last_name"),
        ({"birth_place": f"né ici, {NIR}"}, "birth_place"),
        ({"contact": {"preferred_channel": "email"}}, "contact"),
        ({"contact": {"preferred_channel": "phone", "phone": "12", "phone_kind": "relative"}}, "contact.phone"),
        ({"contact": {"preferred_channel": "mail"}}, "contact"),
        ({"household": {"adults": -1}}, "household.adults"),
        ({"structure_id": str(uuid4())}, "structure_id"),
        ({"first_names": "a\u0000b"}, "first_names"),
    ],
)
async def test_what_cannot_be_right_is_refused_field_by_field_and_quotes_nothing(
    here: Here, changed: dict[str, object], field: str
) -> None:
    answer = await here.client(here.partner).post(PARTNER, a_person(**changed))
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert NIR not in answer.text
    assert "255081416802539" not in answer.text
    assert await here.under_test.rows("SELECT 1 FROM persons") == []


@pytest.mark.parametrize(
    "criteria",
    [
        {"last_name": "BEN"},
        {"last_name": "hadd"},  # the birth name
        {"last_name": "benali", "first_name": "amina z"},
        {"birth_on": "1985-03-12"},
        {"identifier": "2 55 08 14 168 025 38"},
        {"last_name": "Bénali", "birth_on": "1985-03-12", "identifier": NIR},
    ],
)
async def test_own_persons_are_found_and_only_they(here: Here, criteria: dict[str, str]) -> None:
    mine = await here.register(identifier={"kind": "nir", "value": NIR})
    neighbour = await a_structure(here.under_test, nir_allowed=True)
    theirs = await here.register(neighbour, identifier={"kind": "nir", "value": NIR})

    found = await here.client(here.partner).post(f"{PARTNER}/search", criteria)
    assert found.status_code == 200, found.text
    assert found.json()["more"] is False
    [card] = found.json()["items"]
    assert card == {
        "id": str(mine),
        "number": card["number"],
        "display_name": "Amina Zohra BENALI",
        "birth_on": "1985-03-12",
        "phone_masked": "+336••••••78",
        "city": "Muret",
        "identifier_kind": "nir",
    }
    by_number = await here.client(here.partner).post(f"{PARTNER}/search", {"number": card["number"]})
    assert [item["id"] for item in by_number.json()["items"]] == [str(mine)]
    assert mine != theirs


async def test_a_single_letter_is_a_whole_name(here: Here) -> None:
    person_id = await here.register(last_name="Ô", birth_name=None)
    await here.register(last_name="Ollier", birth_name=None)
    found = await here.client(here.partner).post(f"{PARTNER}/search", {"last_name": "o"})
    assert [item["id"] for item in found.json()["items"]] == [str(person_id)]


@pytest.mark.parametrize("criteria", [{}, {"first_name": "Amina"}, {"last_name": "-"}, {"identifier": "12"}])
async def test_a_search_of_everybody_is_refused(here: Here, criteria: dict[str, str]) -> None:
    answer = await here.client(here.partner).post(f"{PARTNER}/search", criteria)
    assert answer.status_code == 422


async def test_a_search_that_finds_nobody_is_journalled_too(here: Here) -> None:
    answer = await here.client(here.partner).post(f"{PARTNER}/search", {"last_name": "nobody"})
    assert answer.json() == {"items": [], "more": False}
    [entry] = await here.under_test.rows("SELECT kind, subjects FROM journal")
    assert entry == {"kind": "read", "subjects": []}


async def test_registering_tells_nothing_about_another_structures_persons(here: Here) -> None:
    neighbour = await a_structure(here.under_test, nir_allowed=True)
    theirs = await here.register(neighbour, identifier={"kind": "nir", "value": NIR})

    person = a_person(identifier={"kind": "nir", "value": NIR})
    alone = (await here.client(here.partner).post(PARTNER, person)).json()
    assert alone["duplicates"] == []
    again = (await here.client(here.partner).post(PARTNER, person)).json()
    assert again["duplicates"] == [
        {"id": alone["id"], "reasons": ["same_number", "same_name_and_birth", "same_phone_and_birth"]}
    ]

    client = here.client(here.partner)
    assert (await client.get(f"{PARTNER}/{theirs}")).status_code == 404
    assert (await client.get(f"{PARTNER}/{uuid4()}")).json()["detail"] == (
        await client.get(f"{PARTNER}/{theirs}")
    ).json()["detail"]
    batch = await client.post(f"{PARTNER}/batch", {"ids": [str(theirs), alone["id"]]})
    assert [item["id"] for item in batch.json()["items"]] == [alone["id"]]
    amend = await client.post(f"{PARTNER}/{theirs}/amend", {"household": {"adults": 2}}, if_match=1)
    assert amend.status_code == 404


async def test_a_correction_moves_the_version_and_leaves_fingerprints(here: Here) -> None:
    person_id = await here.register()
    client = here.client(here.partner)
    identity = {
        k: v for k, v in a_person(last_name="Ben Ali").items() if k not in {"identifier", "contact", "household"}
    }
    amended = await client.post(
        f"{PARTNER}/{person_id}/amend",
        {"identity": identity, "identifier": {"kind": "nir", "value": NIR}},
        if_match=1,
    )
    assert amended.status_code == 200, amended.text
    assert amended.json() == {"id": str(person_id), "version": 2, "state": None}

    shown = (await client.get(f"{PARTNER}/{person_id}")).json()
    assert shown["display_name"] == "Amina Zohra BEN ALI"
    assert shown["contact"]["phone"] == "+33612345678"
    assert shown["identifier"]["kind"] == "nir"
    found = await client.post(f"{PARTNER}/search", {"last_name": "ben al"})
    assert [item["id"] for item in found.json()["items"]] == [str(person_id)]

    kinds = await here.under_test.rows(
        "SELECT kind, until_at IS NULL AS present FROM person_identifiers ORDER BY from_at"
    )
    assert kinds == [{"kind": "none", "present": False}, {"kind": "nir", "present": True}]
    facts = [(fact["type"], fact["payload"]) for fact in await here.under_test.facts()]
    assert facts[1:] == [
        ("person.identifier_changed", {"before": "none", "after": "nir"}),
        ("person.amended", {"groups": ["identity", "identifier"], "by": "partner"}),
    ]
    [entry] = await here.under_test.rows(
        "SELECT before_sha256 <> after_sha256 AS changed FROM journal WHERE action = 'person.amend'"
    )
    assert entry == {"changed": True}


async def test_a_correction_made_from_an_old_version_is_refused(here: Here) -> None:
    person_id = await here.register()
    client = here.client(here.partner)
    change = {"household": {"adults": 2, "children": []}}
    assert (await client.post(f"{PARTNER}/{person_id}/amend", change)).status_code == 428
    assert (await client.post(f"{PARTNER}/{person_id}/amend", change, if_match=1)).status_code == 200
    late = await client.post(f"{PARTNER}/{person_id}/amend", change, if_match=1)
    assert late.status_code == 412
    assert late.json()["version"] == 2
    nothing = await client.post(f"{PARTNER}/{person_id}/amend", {}, if_match=2)
    assert nothing.status_code == 422


async def test_of_two_corrections_at_once_one_wins_and_the_other_is_told(here: Here) -> None:
    person_id = await here.register()
    client = here.client(here.partner)
    changes: list[dict[str, Any]] = [{"household": {"adults": adults}} for adults in range(2, 8)]
    answers = await asyncio.gather(
        *(client.post(f"{PARTNER}/{person_id}/amend", change, if_match=1) for change in changes)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412, 412]
    [won] = [change for change, answer in zip(changes, answers, strict=True) if answer.status_code == 200]
    [kept] = await here.under_test.rows("SELECT adults, version FROM persons")
    assert kept == {"adults": won["household"]["adults"], "version": 2}


async def test_numbers_given_at_once_leave_one_present(here: Here) -> None:
    person_id = await here.register()
    client = here.client(here.partner)
    numbers = [{"identifier": {"kind": "nnp", "value": f"713111234567{n}"}} for n in range(4)]
    for version, number in enumerate(numbers, start=1):
        assert (await client.post(f"{PARTNER}/{person_id}/amend", number, if_match=version)).status_code == 200
    rows = await here.under_test.rows("SELECT until_at FROM person_identifiers")
    assert [row["until_at"] for row in rows].count(None) == 1
    assert len(rows) == 5


@pytest.mark.parametrize("text", ["😀 émoji", "שָׁלוֹם", "a' OR '1'='1'; --", "{{7*7}} ${x} <b>", "%x_\\%", "I̶t̶"])
async def test_any_writable_name_comes_back_as_typed_and_is_found(here: Here, text: str) -> None:
    letters = "".join(c for c in text if not c.isdigit())
    person_id = await here.register(last_name=letters, birth_name=None)
    client = here.client(here.partner)
    shown = (await client.get(f"{PARTNER}/{person_id}")).json()
    assert shown["identity"]["last_name"] == " ".join(unicodedata.normalize("NFC", letters).split())
    found = await client.post(f"{PARTNER}/search", {"last_name": letters})
    assert [item["id"] for item in found.json()["items"]] == [str(person_id)]


async def test_the_same_key_registers_once(here: Here) -> None:
    key = uuid4()
    client = here.client(here.partner)
    first = await client.post(PARTNER, a_person(), key=key)
    second = await client.post(PARTNER, a_person(), key=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert len(await here.under_test.rows("SELECT 1 FROM persons")) == 1
    [kept] = await here.under_test.rows("SELECT response FROM idempotency")
    assert b"enali" not in bytes(kept["response"])


@pytest.mark.parametrize("role", ["partner_admin"])
async def test_administrators_of_a_structure_see_nobody(here: Here, role: str) -> None:
    person_id = await here.register()
    admin = an_actor(Audience.PARTNER, role, structure=here.partner.structure)
    assert (await here.client(admin).get(f"{PARTNER}/{person_id}")).status_code == 403
