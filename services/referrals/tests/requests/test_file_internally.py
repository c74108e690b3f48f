"""Services of the caisse refer to the same queue (MIS-17, MIS-19)."""

from typing import Any
from uuid import uuid4

import pytest

from servicekit.access import Actor

from .situations import AGENT, KIND, PARTNER, World, a_form, fields, ok, problem


def a_filing(**changed: Any) -> dict[str, Any]:
    """Return what an agent of reception sends about a person it meets."""
    filing: dict[str, Any] = {
        "person": {
            "first_names": "Diego",
            "last_name": "Perez",
            "birth_on": "1989-02-03",
            "identifier": {"kind": "nir", "value": "178059933010817"},
            "contact": {"phone": "0612345678", "phone_kind": "own_mobile", "preferred_channel": "phone"},
            "household": {"adults": 1, "children": [{"birth_on": "2016-02-01"}]},
        },
        "detector_kind": "accueil",
        "detection_mode": "internal",
        "form": a_form(),
    }
    return filing | changed


@pytest.fixture
async def reception(world: World) -> Actor:
    return await world.adviser("accueil", unit=None)


async def test_reception_refers_and_the_mission_takes_it_from_there(
    world: World, reception: Actor, adviser: Actor
) -> None:
    receipt = ok(await world.client(reception).post(f"{AGENT}/file", a_filing()), 201)
    row = await world.row(receipt)
    assert (row["structure_id"], row["detector_kind"], row["detection_mode"]) == (None, "accueil", "internal")
    assert row["detector_trained"] is None
    [step] = await world.under_test.rows("SELECT side, actor FROM request_transitions")
    assert (step["side"], step["actor"]) == ("caisse", reception.sub)
    submitted = (await world.facts())[-1]
    assert (submitted["type"], submitted["subject"]["structure"]) == ("request.submitted", None)
    [waiting] = ok(await world.client(adviser).get(AGENT))["items"]
    assert (waiting["id"], waiting["person"]["display_name"]) == (receipt["id"], "Diego PEREZ")
    taken = ok(await world.act(adviser, waiting, "take"))
    assert (await world.shown(adviser, taken))["abilities"]["write"] is False
    ok(await world.act(adviser, taken, "accept", {}))
    # Reception follows nothing: it gave what it knew.
    assert ok(await world.client(reception).get(AGENT))["items"] == []


async def test_an_adviser_refers_a_person_entrusted_before(world: World, partner: Actor, adviser: Actor) -> None:
    person = await world.person(partner)
    taken = await world.taken(partner, adviser, person)
    ok(await world.act(adviser, taken, "accept", {}))
    known = a_filing(person=None, person_id=str(person), detector_kind="cas")
    ok(await world.client(adviser).post(f"{AGENT}/file", known), 201)
    refusal = problem(await world.client(adviser).post(f"{AGENT}/file", known), 409, "already-open")
    assert refusal["rule"] == "ESP-13"
    # The structure that knows the person is told nothing of what the caisse filed.
    refusal = problem(await world.file(partner, person), 409, "already-open")
    assert "existing" not in refusal
    assert ok(await world.client(partner).get(f"{PARTNER}?state=received"))["items"] == []


async def test_a_person_entrusted_to_nobody_here_does_not_exist(world: World, partner: Actor, reception: Actor) -> None:
    person = await world.person(partner)
    for unknown in (str(person), str(uuid4())):
        answer = await world.client(reception).post(f"{AGENT}/file", a_filing(person=None, person_id=unknown))
        problem(answer, 404, "person-not-found")
    assert await world.facts() == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"detector_kind": "association"}, "detector_kind"),
        ({"detection_mode": "external"}, "detection_mode"),
        ({"person": None}, ""),
        ({"person_id": "01a2023f-0ac5-7676-9c43-14db570a158d"}, ""),
    ],
)
async def test_what_is_not_a_detection_of_the_caisse_is_refused(
    world: World, reception: Actor, changed: dict[str, Any], field: str
) -> None:
    answer = await world.client(reception).post(f"{AGENT}/file", a_filing(**changed))
    assert set(fields(problem(answer, 422, "invalid"))) == {field}


async def test_an_incomplete_form_registers_nobody(world: World, reception: Actor) -> None:
    answer = await world.client(reception).post(f"{AGENT}/file", a_filing(form={"kind": KIND}))
    assert fields(problem(answer, 422, "invalid"))["scopes"] == "MIS-02"
    assert await world.under_test.rows("SELECT 1 FROM persons") == []


async def test_who_is_no_detector_of_the_caisse_does_not_refer(world: World, partner: Actor) -> None:
    """MIS-01: nobody but a detector refers."""
    for someone in (partner, await world.adviser("csam", unit="ss_31"), await world.adviser("medecin_conseil")):
        assert (await world.client(someone).post(f"{AGENT}/file", a_filing())).status_code == 403
    problem(await world.client(None).post(f"{AGENT}/file", a_filing()), 401, "unauthenticated")


async def test_the_same_key_files_and_registers_once(world: World, reception: Actor) -> None:
    key, filing = uuid4(), a_filing()
    first = ok(await world.client(reception).post(f"{AGENT}/file", filing, key=key), 201)
    assert ok(await world.client(reception).post(f"{AGENT}/file", filing, key=key), 201) == first
    assert len(await world.under_test.rows("SELECT 1 FROM persons")) == 1
