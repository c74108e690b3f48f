"""Drafts: kept on the server, saved as typed, sent when complete, thrown away."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from referrals_service.requests.caisse_calendar import calendar_of
from servicekit import clock
from servicekit.access import Actor

from .situations import KIND, PARTNER, World, a_form, fields, ok, problem


async def test_a_draft_lives_thirty_days_and_announces_nothing(world: World, partner: Actor) -> None:
    draft = await world.draft(partner)
    assert (draft["state"], draft["version"], draft["warnings"]) == ("draft", 1, [])
    assert draft["expires_on"] == (calendar_of("311").today() + timedelta(days=30)).isoformat()
    row = await world.row(draft)
    assert (row["number"], row["submitted_at"], row["turn"]) == (None, None, "partner")
    [step] = await world.under_test.rows("SELECT * FROM request_transitions")
    assert (step["verb"], step["from_state"], step["to_state"]) == ("create", None, "draft")
    assert await world.facts() == []


async def test_what_was_typed_comes_back_as_it_was(world: World, partner: Actor) -> None:
    draft = await world.draft(partner)
    partial = {"kind": KIND, "scopes": ["acces_soins"], "renounced_care": [{"care_type": "other"}], "phone": "06"}
    saved = ok(await world.client(partner).put(f"{PARTNER}/{draft['id']}/form", partial, if_match=1))
    assert (saved["version"], saved["state"]) == (2, "draft")
    shown = await world.shown(partner, draft)
    assert shown["form"] == {
        "kind": KIND,
        "scopes": ["acces_soins"],
        "motives": [],
        "renounced_care": [{"care_type": "other", "detail": None, "reasons": []}],
        "situation_note": None,
        "informed": {
            "informed_on": None,
            "agrees_to_be_called": None,
            "channel": None,
            "statement_version": None,
        },
        "phone": "06",
        "best_time": None,
        "detector_note": None,
    }
    assert {able for able, may in shown["abilities"].items() if may} == {"edit", "submit", "discard"}


async def test_a_medical_word_is_pointed_at_while_typing(world: World, partner: Actor) -> None:
    draft = await world.draft(partner)
    form = {"kind": KIND, "situation_note": "Traitée pour un cancer."}
    saved = ok(await world.client(partner).put(f"{PARTNER}/{draft['id']}/form", form, if_match=1))
    assert [(w["field"], w["rule"]) for w in saved["warnings"]] == [("situation_note", "ESP-14")]


async def test_saving_from_an_old_version_overwrites_nothing(world: World, partner: Actor) -> None:
    draft = await world.draft(partner)
    mine, theirs = {"kind": KIND, "phone": "0611111111"}, {"kind": KIND, "phone": "0622222222"}
    path = f"{PARTNER}/{draft['id']}/form"
    ok(await world.client(partner).put(path, mine, if_match=1))
    stale = problem(await world.client(partner).put(path, theirs, if_match=1), 412, "stale-version")
    assert stale["version"] == 2
    problem(await world.client(partner).put(path, theirs), 428, "version-required")
    assert (await world.shown(partner, draft))["form"]["phone"] == "0611111111"


async def test_a_draft_takes_only_what_the_form_has(world: World, partner: Actor) -> None:
    draft = await world.draft(partner)
    path = f"{PARTNER}/{draft['id']}/form"
    answer = await world.client(partner).put(path, {"kind": KIND, "diagnosis": "x"}, if_match=1)
    assert fields(problem(answer, 422, "invalid")) == {"diagnosis": None}
    answer = await world.client(partner).put(path, {"phone": "06"}, if_match=1)
    assert fields(problem(answer, 422, "invalid")) == {"kind": None}


async def test_a_draft_is_sent_once_it_is_complete(world: World, partner: Actor) -> None:
    draft = await world.draft(partner)
    refusal = problem(await world.act(partner, draft, "submit"), 422, "invalid")
    assert set(fields(refusal)) >= {"scopes", "motives", "phone", "informed.informed_on"}
    saved = ok(await world.client(partner).put(f"{PARTNER}/{draft['id']}/form", a_form(), if_match=1))

    sent = ok(await world.act(partner, saved, "submit"))

    assert (sent["id"], sent["state"], sent["version"]) == (draft["id"], "received", 3)
    row = await world.row(sent)
    assert (row["number"], row["draft_form"], row["detector_trained"]) == (sent["number"], None, True)
    [detail] = await world.under_test.rows("SELECT * FROM misas_referrals")
    assert (detail["phone"], detail["attested_by"]) == ("+33612345678", partner.sub)
    assert [f["type"] for f in await world.facts()] == ["request.submitted"]
    steps = await world.under_test.rows("SELECT verb FROM request_transitions ORDER BY id")
    assert [s["verb"] for s in steps] == ["create", "submit"]


async def test_sending_again_with_the_same_key_answers_the_same(world: World, partner: Actor) -> None:
    draft = await world.draft(partner)
    saved = ok(await world.client(partner).put(f"{PARTNER}/{draft['id']}/form", a_form(), if_match=1))
    key = uuid4()
    first = await world.act(partner, saved, "submit", key=key)
    again = await world.act(partner, saved, "submit", key=key)
    assert ok(again) == ok(first)
    assert len(await world.facts()) == 1
    problem(await world.act(partner, saved, "submit"), 409, "transition-refused")


async def test_two_drafts_for_one_person_are_sent_once(world: World, partner: Actor) -> None:
    person = await world.person(partner)
    ready = []
    for _ in range(2):
        draft = await world.draft(partner, person)
        path = f"{PARTNER}/{draft['id']}/form"
        ready.append(ok(await world.client(partner).put(path, a_form(), if_match=1)))

    answers = await asyncio.gather(*(world.act(partner, saved, "submit") for saved in ready))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200, 409]
    [refused] = [answer for answer in answers if answer.status_code == 409]
    refusal = problem(refused, 409, "already-open")
    [sent] = [answer.json() for answer in answers if answer.status_code == 200]
    assert refusal["existing"]["number"] == sent["number"]
    assert len(await world.facts()) == 1


async def test_a_discarded_draft_leaves_nothing_of_what_was_typed(world: World, partner: Actor) -> None:
    draft = await world.draft(partner)
    saved = ok(await world.client(partner).put(f"{PARTNER}/{draft['id']}/form", a_form(), if_match=1))
    gone = ok(await world.act(partner, saved, "discard"))
    assert gone["state"] == "withdrawn"
    assert (await world.row(draft))["draft_form"] is None
    assert ok(await world.client(partner).get(PARTNER))["items"] == []
    found = ok(await world.client(partner).get(f"{PARTNER}?state=withdrawn"))
    assert [item["id"] for item in found["items"]] == [draft["id"]]
    problem(await world.act(partner, gone, "discard"), 409, "transition-refused")


async def test_an_untrained_detector_keeps_the_draft_that_may_not_be_sent(world: World) -> None:
    await world.setting("311", "misas_training", '"refuse"')
    partner = await world.structure(trained=False)
    draft = await world.draft(partner)
    assert [w["rule"] for w in draft["warnings"]] == ["MIS-21"]
    saved = ok(await world.client(partner).put(f"{PARTNER}/{draft['id']}/form", a_form(), if_match=1))
    problem(await world.act(partner, saved, "submit"), 409, "training-required")
    assert (await world.shown(partner, draft))["state"] == "draft"


async def test_a_colleague_of_the_structure_finishes_the_draft(world: World, partner: Actor) -> None:
    colleague = await world.structure(trained=False)
    object.__setattr__(colleague, "structure", partner.structure)
    draft = await world.draft(partner)
    path = f"{PARTNER}/{draft['id']}/form"
    saved = ok(await world.client(colleague).put(path, a_form(), if_match=1))
    ok(await world.act(colleague, saved, "submit"))


async def test_nobody_else_sees_a_draft(world: World, partner: Actor, adviser: Actor) -> None:
    draft = await world.draft(partner)
    path = f"{PARTNER}/{draft['id']}/form"
    for stranger in (await world.structure(), await world.structure(caisse="811")):
        problem(await world.client(stranger).get(f"{PARTNER}/{draft['id']}"), 404, "request-not-found")
        problem(await world.client(stranger).put(path, a_form(), if_match=1), 404, "request-not-found")
        problem(await world.act(stranger, draft, "submit"), 404, "request-not-found")
        problem(await world.act(stranger, draft, "discard"), 404, "request-not-found")
    for role in ("conseiller_misas", "responsable_unite"):
        agent = await world.adviser(role)
        answer = await world.client(agent).get(f"/api/v1/referrals/agent/requests/{draft['id']}")
        problem(answer, 404, "request-not-found")
    problem(await world.client(None).put(path, {}), 401, "unauthenticated")
    assert adviser.caisse == partner.caisse


async def test_the_days_of_a_draft_are_those_of_its_caisse(world: World) -> None:
    partner = await world.structure(caisse="974")
    with clock.travel(datetime(2026, 3, 1, 21, 0, tzinfo=UTC)):
        draft = await world.draft(partner)
    assert draft["expires_on"] == "2026-04-01"
    assert (await world.row(draft))["kind"] == KIND
