"""The adviser answers, the sender withdraws: what each side then sees (workflows, section 3)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from servicekit import clock
from servicekit.access import Actor
from servicekit.testing import a_service

from .situations import AGENT, PARTNER, World, fields, ok, problem


async def grants(world: World, person: UUID) -> list[tuple[str, str]]:
    """Return who may see a person now, and for what."""
    rows = await world.under_test.rows(
        "SELECT holder_kind, holder, purpose FROM person_grants WHERE person_id = %s AND revoked_at IS NULL", person
    )
    return sorted((f"{row['holder_kind']}:{row['holder']}", row["purpose"]) for row in rows)


async def test_accepting_takes_the_person_on(world: World, partner: Actor, adviser: Actor) -> None:
    person = await world.person(partner)
    taken = await world.taken(partner, adviser, person)

    done = ok(await world.act(adviser, taken, "accept", {"message": "Nous appelons cette semaine."}))

    assert (done["state"], done["version"]) == ("accepted", 3)
    row = await world.row(done)
    assert (row["decision_days"], row["turn"]) == (0, "nobody")
    fact = (await world.facts())[-1]
    assert fact["type"] == "referral.accepted"
    assert fact["payload"] == {
        "kind": "misas_referral",
        "account": adviser.sub,
        "unit": "misas",
        "decision_days": 0,
        "first_contact_due_on": row["first_contact_due_on"].isoformat(),
    }
    shown = await world.shown(partner, done)
    assert (shown["state"], shown["state_label"], shown["unread"]) == ("taken_on", "Prise en charge", 1)
    assert shown["form"] is None
    assert shown["timeline"][-1]["message"] == "Nous appelons cette semaine."
    assert await grants(world, person) == [
        (f"account:{adviser.sub}", "referral.triage"),
        (f"structure:{partner.structure}", "referral.follow"),
    ]


async def test_the_structure_may_no_longer_amend_a_person_taken_on(
    world: World, partner: Actor, adviser: Actor
) -> None:
    person = await world.person(partner)
    taken = await world.taken(partner, adviser, person)
    ok(await world.act(adviser, taken, "accept", {}))
    answer = await world.client(partner).post(
        f"/api/v1/referrals/partner/persons/{person}/amend", {"household": {"adults": 2}}, if_match=1
    )
    problem(answer, 403, "person-taken-over")


async def test_refusing_tells_a_general_reason_and_where_to_go(world: World, partner: Actor, adviser: Actor) -> None:
    person = await world.person(partner)
    taken = await world.taken(partner, adviser, person)
    given = {"reason": "other_scheme", "orientation": "caf", "message": "La CAF peut aider."}

    done = ok(await world.act(adviser, taken, "refuse", given))

    assert done["state"] == "refused"
    shown = await world.shown(partner, done)
    last = shown["timeline"][-1]
    assert shown["state_label"] == "Non prise en charge"
    assert (last["reason"], last["reason_label"]) == ("other_body", "La personne relève d'un autre organisme.")
    assert (last["orientation"], last["orientation_label"], last["message"]) == ("caf", "CAF", "La CAF peut aider.")
    assert "other_scheme" not in str(shown)
    inside = await world.shown(adviser, done)
    assert inside["timeline"][-1]["reason"] == "other_scheme"
    fact = (await world.facts())[-1]
    assert (fact["type"], fact["payload"]["reason"]) == ("request.refused", "other_scheme")
    assert "La CAF" not in str(fact)
    [mine, _] = await grants(world, person)
    assert mine == (f"account:{adviser.sub}", "referral.triage")
    [until] = await world.under_test.rows(
        "SELECT until_at > now() AS running FROM person_grants WHERE holder = %s AND revoked_at IS NULL", adviser.sub
    )
    assert until["running"] is True


@pytest.mark.parametrize("reason", ["duplicate", "already_accompanied"])
async def test_the_partner_cannot_tell_why_the_caisse_knows_already(
    world: World, partner: Actor, adviser: Actor, reason: str
) -> None:
    taken = await world.taken(partner, adviser)
    ok(await world.act(adviser, taken, "refuse", {"reason": reason}))
    assert (await world.shown(partner, taken))["timeline"][-1]["reason"] == "already_known"


async def test_nobody_is_sent_away_without_an_orientation(world: World, partner: Actor, adviser: Actor) -> None:
    taken = await world.taken(partner, adviser)
    refusal = problem(await world.act(adviser, taken, "refuse", {"reason": "not_relevant"}), 422, "invalid")
    assert fields(refusal) == {"orientation": "MIS-04"}
    assert (await world.row(taken))["state"] == "relevance_review"


async def test_the_sender_withdraws_until_the_answer(world: World, partner: Actor, adviser: Actor) -> None:
    person = await world.person(partner)
    taken = await world.taken(partner, adviser, person)
    given = {"reason": "person_declines", "message": "Elle ne souhaite plus être appelée."}

    gone = ok(await world.act(partner, taken, "withdraw", given))

    assert gone["state"] == "withdrawn"
    assert await grants(world, person) == [(f"structure:{partner.structure}", "referral.submit")]
    fact = (await world.facts())[-1]
    assert (fact["type"], fact["payload"]) == (
        "request.withdrawn",
        {"kind": "misas_referral", "reason": "person_declines"},
    )
    problem(await world.act(adviser, gone, "accept", {}), 409, "transition-refused")
    problem(await world.act(partner, gone, "withdraw", given), 409, "transition-refused")
    assert (await world.filed(partner, person))["state"] == "received"


async def test_an_answered_request_is_not_withdrawn(world: World, partner: Actor, adviser: Actor) -> None:
    taken = await world.taken(partner, adviser)
    done = ok(await world.act(adviser, taken, "accept", {}))
    problem(await world.act(partner, done, "withdraw", {"reason": "mistake"}), 409, "transition-refused")


DECISIONS: list[tuple[str, dict[str, Any]]] = [
    ("accept", {}),
    ("refuse", {"reason": "duplicate"}),
    ("redirect", {"target": "lup"}),
]


@pytest.mark.parametrize(("verb", "body"), DECISIONS)
async def test_only_the_adviser_in_charge_decides_from_what_was_seen(
    world: World, partner: Actor, adviser: Actor, verb: str, body: dict[str, Any]
) -> None:
    sent = await world.filed(partner)
    problem(await world.act(adviser, sent, verb, body), 409, "transition-refused")
    taken = ok(await world.act(adviser, sent, "take"))
    problem(await world.act(await world.adviser(), taken, verb, body), 403, "forbidden")
    problem(await world.act(await world.adviser("coordinateur"), taken, verb, body), 403, "forbidden")
    problem(await world.act(await world.adviser(caisse="811"), taken, verb, body), 404, "request-not-found")
    problem(await world.act(None, taken, verb, body), 401, "unauthenticated")
    assert (await world.client(partner).post(f"{AGENT}/{sent['id']}/{verb}", body, if_match=2)).status_code == 403
    assert problem(await world.act(adviser, taken, verb, body, if_match=1), 412, "stale-version")["version"] == 2
    problem(await world.act(adviser, taken, verb, body, if_match=None), 428, "version-required")
    key = uuid4()
    done = ok(await world.act(adviser, taken, verb, body, key=key))
    announced = len(await world.facts())
    assert ok(await world.act(adviser, taken, verb, body, key=key)) == done
    assert len(await world.facts()) == announced


async def test_another_structure_withdraws_nothing(world: World, partner: Actor) -> None:
    sent = await world.filed(partner)
    for stranger in (await world.structure(), await world.structure(caisse="811")):
        answer = await world.act(stranger, sent, "withdraw", {"reason": "mistake"})
        problem(answer, 404, "request-not-found")
    answer = await world.client(None).post(f"{PARTNER}/{sent['id']}/withdraw", {"reason": "mistake"}, if_match=1)
    problem(answer, 401, "unauthenticated")


async def test_an_answer_is_counted_in_working_days(world: World, partner: Actor, adviser: Actor) -> None:
    with clock.travel(datetime(2026, 4, 30, 9, 0, tzinfo=UTC)):
        sent = await world.filed(partner)
    assert sent["due_on"] == "2026-05-05"
    with clock.travel(datetime(2026, 5, 4, 9, 0, tzinfo=UTC)):
        taken = ok(await world.act(adviser, sent, "take"))
    with clock.travel(datetime(2026, 5, 11, 9, 0, tzinfo=UTC)):
        done = ok(await world.act(adviser, taken, "accept", {}))
    # 1 and 8 May are holidays.
    assert (await world.row(done))["decision_days"] == 5


async def test_accompaniments_reads_an_accepted_referral_and_nobody_else(
    world: World, partner: Actor, adviser: Actor
) -> None:
    person = await world.person(partner)
    taken = await world.taken(partner, adviser, person)
    path = f"/internal/handovers/{taken['id']}"
    service = world.client(a_service("accompaniments"))
    problem(await service.get(path), 404, "not-found")
    ok(await world.act(adviser, taken, "accept", {}))

    handed = ok(await service.get(path))

    assert (handed["caisse"], handed["person_id"], handed["adviser"]) == ("311", str(person), adviser.sub)
    assert handed["renounced_care"][0]["care_type"] == "dental_prosthesis"
    assert "Keller" not in str(handed)
    assert "612345678" not in str(handed)
    [entry] = await world.under_test.rows("SELECT * FROM journal WHERE resource = 'handover'")
    assert (entry["actor"], entry["subjects"]) == ("svc-accompaniments", [person])
    assert (await world.client(a_service("statistics")).get(path)).status_code == 403
    assert (await world.client(adviser).get(path)).status_code == 403
