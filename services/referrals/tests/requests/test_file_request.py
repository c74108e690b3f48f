"""Filing a complete request: the front door's hot path."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import text

from referrals_service.requests.caisse_calendar import Delay, calendar_of
from servicekit import clock
from servicekit.access import Actor
from servicekit.workdays import DayKind

from .situations import KIND, PARTNER, World, a_form, fields, ok, problem


async def test_a_complete_request_is_numbered_queued_and_announced_once(world: World, partner: Actor) -> None:
    person = await world.person(partner)

    receipt = ok(await world.file(partner, person), 201)

    calendar = calendar_of("311")
    today = calendar.today()
    assert receipt["number"].startswith(f"311-{today.year}-")
    assert receipt["state"] == "received"
    assert receipt["version"] == 1
    assert receipt["due_on"] == calendar.deadline(today, Delay(2, DayKind.OUVRE)).isoformat()
    assert receipt["warnings"] == []
    row = await world.row(receipt)
    assert (row["state"], row["queue"], row["turn"], row["assigned_to"]) == ("submitted", "misas", "caisse", None)
    assert (row["structure_id"], row["person_id"]) == (partner.structure, person)
    assert (row["detector_kind"], row["detector_trained"]) == ("ccas", True)
    [fact] = await world.facts()
    assert (fact["type"], fact["caisse"]) == ("request.submitted", "311")
    assert fact["subject"] == {
        "request": receipt["id"],
        "person": str(person),
        "structure": str(partner.structure),
    }
    assert fact["payload"] == {
        "kind": KIND,
        "topic": None,
        "urgent": False,
        "queue": "misas",
        "detector_kind": "ccas",
        "detection_mode": "external",
        "detector_trained": True,
        "scopes": ["renoncement_soins", "acces_droits"],
        "motives": ["attribuer_expliciter_droits", "orienter_ps", "plan_aide_financiere"],
        "renounced_care": [{"care_type": "dental_prosthesis", "reasons": ["out_of_pocket", "no_complementary"]}],
        "due_on": receipt["due_on"],
        "origin_caisse": None,
        "origin": None,
    }
    [step] = await world.under_test.rows("SELECT * FROM request_transitions")
    assert (step["verb"], step["from_state"], step["to_state"]) == ("submit", None, "submitted")
    assert (step["actor"], step["side"]) == (partner.sub, "partner")
    [entry] = await world.under_test.rows("SELECT * FROM journal WHERE action = 'request.file'")
    assert (entry["resource"], entry["subjects"]) == ("request", [person])
    assert entry["after_sha256"] is not None


async def test_the_unit_of_the_queue_may_see_the_person_while_the_request_waits(world: World, partner: Actor) -> None:
    receipt = await world.filed(partner)
    grants = await world.under_test.rows("SELECT * FROM person_grants WHERE origin_id = %s", receipt["id"])
    assert [(g["holder_kind"], g["holder"], g["purpose"]) for g in grants] == [("unit", "misas", "referral.triage")]


async def test_nothing_is_written_twice_when_the_same_filing_is_sent_again(world: World, partner: Actor) -> None:
    person, key = await world.person(partner), uuid4()
    form = a_form()
    first = await world.file(partner, person, form=form, key=key)
    again = await world.file(partner, person, form=form, key=key)
    assert ok(again, 201) == ok(first, 201)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["etag"] == first.headers["etag"]
    assert len(await world.under_test.rows("SELECT 1 FROM requests")) == 1
    assert len(await world.facts()) == 1


async def test_every_error_of_the_form_is_told_at_once_and_nothing_is_kept(world: World, partner: Actor) -> None:
    form = a_form(scopes=[], renounced_care=[{"care_type": "dental", "reasons": []}], phone="12")
    refusal = problem(await world.file(partner, form=form), 422, "invalid")
    assert fields(refusal) == {"scopes": "MIS-02", "renounced_care.0.reasons": "MIS-02", "phone": "MIS-06"}
    assert await world.under_test.rows("SELECT 1 FROM requests") == []
    assert await world.facts() == []


async def test_a_number_of_the_civil_repertory_in_free_text_is_refused_without_being_repeated(
    world: World, partner: Actor
) -> None:
    answer = await world.file(partner, form=a_form(situation_note="son numéro : 2 55 08 14 168 025 38"))
    refusal = problem(answer, 422, "invalid")
    assert fields(refusal) == {"form.situation_note": None}
    assert "25508" not in answer.text.replace(" ", "")


async def test_a_second_open_request_is_refused_with_the_one_to_follow(world: World, partner: Actor) -> None:
    person = await world.person(partner)
    first = await world.filed(partner, person)
    refusal = problem(await world.file(partner, person), 409, "already-open")
    assert refusal["rule"] == "ESP-13"
    assert refusal["existing"] == {
        "id": first["id"],
        "number": first["number"],
        "state": "received",
        "state_label": "Reçue",
    }
    assert len(await world.facts()) == 1


async def test_once_answered_the_person_can_be_referred_again(world: World, partner: Actor, adviser: Actor) -> None:
    person = await world.person(partner)
    taken = await world.taken(partner, adviser, person)
    ok(await world.act(adviser, taken, "accept", {}))
    assert (await world.filed(partner, person))["state"] == "received"


async def test_an_open_request_of_the_caisse_itself_is_not_described(world: World, partner: Actor) -> None:
    person = await world.person(partner)
    first = await world.filed(partner, person)
    await world.under_test.rows("SET session_replication_role = replica")
    await world.under_test.rows("UPDATE requests SET structure_id = NULL WHERE id = %s", first["id"])
    await world.under_test.rows("SET session_replication_role = origin")
    refusal = problem(await world.file(partner, person), 409, "already-open")
    assert "existing" not in refusal
    assert first["number"] not in refusal["detail"]


@pytest.mark.parametrize(
    "known",
    [
        {"state": "suspended"},
        {"state": "approved", "opened_on": None},
        {"state": "closed"},
        {"opened_on": "2099-01-01"},
    ],
)
async def test_a_structure_whose_portal_is_not_open_files_nothing(world: World, known: dict[str, str]) -> None:
    partner = await world.structure()
    person = await world.person(partner)
    await world.under_test.rows(
        "UPDATE partner_structures SET state = %s, portal_opened_on = %s",
        known.get("state", "active"),
        known.get("opened_on"),
    )
    refusal = problem(await world.file(partner, person), 403, "portal-closed")
    assert refusal["rule"] == "ESP-04"
    draft = await world.client(partner).post(PARTNER, {"kind": KIND, "person_id": str(person)})
    problem(draft, 403, "portal-closed")


async def test_a_structure_that_partners_never_announced_files_nothing(world: World, partner: Actor) -> None:
    person = await world.person(partner)
    await world.under_test.rows("DELETE FROM partner_structures")
    problem(await world.file(partner, person), 403, "portal-closed")


async def test_an_untrained_detector_is_warned_and_the_adviser_knows(world: World, adviser: Actor) -> None:
    partner = await world.structure(trained=False)
    receipt = await world.filed(partner)
    assert [(w["field"], w["rule"]) for w in receipt["warnings"]] == [("training", "MIS-21")]
    assert (await world.shown(adviser, receipt))["detector_trained"] is False


async def test_a_caisse_may_refuse_untrained_detectors(world: World) -> None:
    await world.setting("311", "misas_training", '"refuse"')
    partner = await world.structure(trained=False)
    person = await world.person(partner)
    assert problem(await world.file(partner, person), 409, "training-required")["rule"] == "MIS-21"
    await world.train(partner, account=uuid4())
    problem(await world.file(partner, person), 409, "training-required")
    await world.train(partner, account=partner.account_id, until_on="2025-01-01")
    problem(await world.file(partner, person), 409, "training-required")
    await world.train(partner, account=partner.account_id)
    ok(await world.file(partner, person), 201)


async def test_another_structures_person_does_not_exist(world: World, partner: Actor) -> None:
    theirs = await world.person(await world.structure())
    problem(await world.file(partner, theirs), 404, "person-not-found")
    problem(await world.file(partner, uuid4()), 404, "person-not-found")
    elsewhere = await world.person(await world.structure(caisse="811"))
    problem(await world.file(partner, elsewhere), 404, "person-not-found")


async def test_without_a_token_or_a_key_nothing_enters(world: World, partner: Actor) -> None:
    problem(await world.client(None).post(f"{PARTNER}/file", {}), 401, "unauthenticated")
    administrator = await world.structure()
    body = {"person_id": str(uuid4()), "form": {"kind": KIND}}
    answer = await world.client(administrator).post(f"{PARTNER}/file", body, headers={"Idempotency-Key": ""})
    assert answer.status_code in {400, 422}


async def test_the_year_of_a_number_is_the_caisses(world: World) -> None:
    partner = await world.structure(caisse="974")
    # 31 December 21:30 in Paris; in La Réunion the new year has begun.
    with clock.travel(datetime(2030, 12, 31, 20, 30, tzinfo=UTC)):
        receipt = await world.filed(partner)
    assert receipt["number"].startswith("974-2031-")


async def test_requests_filed_at_once_have_numbers_of_their_own(world: World, partner: Actor) -> None:
    people = [await world.person(partner, f"K{letter}") for letter in "abcdefgh"]
    answers = await asyncio.gather(*(world.file(partner, person) for person in people))
    numbers = {ok(answer, 201)["number"] for answer in answers}
    assert len(numbers) == len(people)


async def test_nobody_waits_for_the_number_of_a_filing_under_way(world: World, partner: Actor) -> None:
    await world.filed(partner, await world.person(partner, "Durand"))
    year = calendar_of("311").today().year
    database = world.under_test.app.state.service.database
    async with database.system_session("test") as slow:
        drawn = await slow.scalar(text("SELECT next_request_number('311', :year)"), {"year": year})
        receipt = await world.filed(partner)
        await slow.rollback()
    # The number of what was never committed is lost, not given again.
    assert receipt["number"] > drawn
    later = await world.filed(partner, await world.person(partner, "Martin"))
    assert later["number"] > receipt["number"]
