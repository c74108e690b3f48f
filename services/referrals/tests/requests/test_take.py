"""Who has a request in charge: taking, races, assignment, and those who leave."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

from referrals_service.requests.caisse_calendar import Delay, calendar_of
from servicekit.access import Actor, Audience
from servicekit.testing import an_actor
from servicekit.workdays import DayKind

from .situations import AGENT, World, ok, problem


async def holders(world: World, receipt: dict[str, Any]) -> list[str]:
    """Return who may open the person because of this request."""
    rows = await world.under_test.rows(
        "SELECT holder_kind || ':' || holder AS who FROM person_grants WHERE origin_id = %s AND revoked_at IS NULL",
        receipt["id"],
    )
    return sorted(row["who"] for row in rows)


async def test_taking_starts_the_clock_of_the_first_contact(world: World, partner: Actor, adviser: Actor) -> None:
    sent = await world.filed(partner)

    taken = ok(await world.act(adviser, sent, "take"))

    assert (taken["state"], taken["version"]) == ("relevance_review", 2)
    row = await world.row(sent)
    calendar = calendar_of("311")
    assert row["first_contact_due_on"] == calendar.deadline(calendar.today(), Delay(5, DayKind.OUVRE))
    assert (row["assigned_to"], row["unit"], row["turn"]) == (adviser.account_id, "misas", "caisse")
    assert await holders(world, sent) == [f"account:{adviser.sub}"]
    fact = (await world.facts())[-1]
    assert fact["type"] == "request.taken"
    assert fact["payload"] == {"kind": "misas_referral", "account": adviser.sub, "unit": "misas"}
    assert (await world.shown(partner, sent))["state_label"] == "À l'étude"


async def test_the_delay_of_first_contact_is_the_caisses(world: World, partner: Actor, adviser: Actor) -> None:
    await world.setting("311", "misas_first_contact", '{"days": 10, "kind": "calendar"}')
    taken = await world.taken(partner, adviser)
    calendar = calendar_of("311")
    wanted = calendar.deadline(calendar.today(), Delay(10, DayKind.CALENDAR))
    assert (await world.row(taken))["first_contact_due_on"] == wanted


async def test_of_two_advisers_who_take_at_once_one_wins(world: World, partner: Actor) -> None:
    sent = await world.filed(partner)
    advisers = [await world.adviser() for _ in range(4)]

    answers = await asyncio.gather(*(world.act(someone, sent, "take") for someone in advisers))

    won = [a for a, answer in zip(advisers, answers, strict=True) if answer.status_code == 200]
    assert len(won) == 1
    for someone, answer in zip(advisers, answers, strict=True):
        if someone is not won[0]:
            assert problem(answer, 409, "already-taken")["taken_by"] == won[0].sub
    assert [f["type"] for f in await world.facts()] == ["request.submitted", "request.taken"]
    assert await holders(world, sent) == [f"account:{won[0].sub}"]


async def test_taking_again_with_the_same_key_is_the_same_taking(world: World, partner: Actor, adviser: Actor) -> None:
    sent, key = await world.filed(partner), uuid4()
    first = ok(await world.act(adviser, sent, "take", key=key))
    assert ok(await world.act(adviser, sent, "take", key=key)) == first
    assert "déjà cette demande" in problem(await world.act(adviser, first, "take"), 409, "already-taken")["detail"]


async def test_several_are_taken_together_and_the_others_explained(
    world: World, partner: Actor, adviser: Actor
) -> None:
    free = [await world.filed(partner, await world.person(partner, f"Keller{'abc'[i]}")) for i in range(2)]
    lost = await world.taken(partner, await world.adviser(), await world.person(partner, "Durand"))
    unknown = str(uuid4())
    ids = [free[0]["id"], lost["id"], unknown, free[1]["id"], free[0]["id"]]

    done = ok(await world.client(adviser).post(f"{AGENT}/take", {"ids": ids}))

    assert [t["id"] for t in done["taken"]] == [free[0]["id"], free[1]["id"]]
    assert {r["id"]: r["reason"] for r in done["refused"]} == {
        lost["id"]: "already-taken",
        unknown: "request-not-found",
    }


async def test_two_crowds_that_cross_take_each_request_once(world: World, partner: Actor) -> None:
    ids = [(await world.filed(partner, await world.person(partner, f"K{c}")))["id"] for c in "abcdef"]
    advisers = [await world.adviser() for _ in range(3)]
    orders = [ids, ids[::-1], ids[3:] + ids[:3]]
    answers = await asyncio.gather(
        *(world.client(a).post(f"{AGENT}/take", {"ids": o}) for a, o in zip(advisers, orders, strict=True))
    )
    taken = [receipt["id"] for answer in answers for receipt in ok(answer)["taken"]]
    assert sorted(taken) == sorted(ids)


async def test_a_manager_shares_the_work_out(world: World, partner: Actor, adviser: Actor) -> None:
    manager = await world.adviser("responsable_unite")
    colleague = await world.adviser()
    sent = await world.filed(partner)
    given = ok(await world.act(manager, sent, "assign", {"account_id": adviser.sub}))
    assert (given["state"], (await world.row(sent))["assigned_to"]) == ("relevance_review", adviser.account_id)

    passed = ok(await world.act(adviser, given, "assign", {"account_id": colleague.sub}))

    assert await holders(world, sent) == [f"account:{colleague.sub}"]
    steps = await world.under_test.rows("SELECT verb, actor, assignee FROM request_transitions ORDER BY id")
    assert [(s["verb"], s["actor"], s["assignee"]) for s in steps] == [
        ("submit", partner.sub, None),
        ("assign", manager.sub, adviser.account_id),
        ("assign", adviser.sub, colleague.account_id),
    ]
    timeline = (await world.shown(partner, passed))["timeline"]
    assert [(e["event"], e["state"], e["actor"]) for e in timeline] == [
        ("submit", "received", partner.sub),
        ("take", "under_review", None),
    ]


async def test_what_was_accepted_can_be_handed_on_when_the_adviser_leaves(
    world: World, partner: Actor, adviser: Actor
) -> None:
    manager, colleague = await world.adviser("responsable_unite"), await world.adviser()
    taken = await world.taken(partner, adviser)
    accepted = ok(await world.act(adviser, taken, "accept", {}))

    given = ok(await world.act(manager, accepted, "assign", {"account_id": colleague.sub}))

    assert given["state"] == "accepted"
    assert await holders(world, accepted) == [f"account:{colleague.sub}"]
    assert (await world.shown(partner, given))["state_label"] == "Prise en charge"


async def test_work_is_given_only_to_those_who_do_it_here(world: World, partner: Actor, adviser: Actor) -> None:
    taken = await world.taken(partner, adviser)
    elsewhere = await world.adviser(caisse="811")
    other_trade = await world.adviser("csam", unit="ss_31")
    for someone in (elsewhere.sub, other_trade.sub, str(uuid4()), adviser.sub):
        refusal = problem(await world.act(adviser, taken, "assign", {"account_id": someone}), 422, "invalid")
        assert [e["field"] for e in refusal["errors"]] == ["account_id"]


async def test_a_colleague_may_not_give_away_what_is_not_theirs(world: World, partner: Actor, adviser: Actor) -> None:
    taken = await world.taken(partner, adviser)
    colleague = await world.adviser()
    problem(await world.act(colleague, taken, "assign", {"account_id": colleague.sub}), 403, "forbidden")


async def test_who_may_not_see_it_may_not_take_it(world: World, partner: Actor) -> None:
    sent = await world.filed(partner)
    for stranger in (await world.adviser(caisse="811"), await world.adviser("csam", unit="ss_31")):
        problem(await world.act(stranger, sent, "take"), 404, "request-not-found")
    problem(await world.act(None, sent, "take"), 401, "unauthenticated")
    for role in ("dpo", "detecteur_interne"):
        actor = an_actor(Audience.OFFICER if role == "dpo" else Audience.AGENT, role)
        assert (await world.act(actor, sent, "take")).status_code == 403
    assert (await world.client(partner).post(f"{AGENT}/{sent['id']}/take", if_match=1)).status_code == 403


async def test_taking_asks_for_the_version_that_was_seen(world: World, partner: Actor, adviser: Actor) -> None:
    sent = await world.filed(partner)
    problem(await world.act(adviser, sent, "take", if_match=None), 428, "version-required")
    stale = problem(await world.act(adviser, sent, "take", if_match=7), 412, "stale-version")
    assert stale["version"] == 1


async def test_a_taken_request_is_seen_by_its_unit_and_no_further(world: World, partner: Actor, adviser: Actor) -> None:
    taken = await world.taken(partner, adviser)
    same_unit = await world.adviser()
    other_unit = await world.adviser(unit="misas_nord")
    seen = await world.shown(same_unit, taken)
    assert seen["person"] is None
    assert UUID(seen["assigned_to"]) == adviser.account_id
    assert not any(seen["abilities"].values())
    problem(await world.client(other_unit).get(f"{AGENT}/{taken['id']}"), 404, "request-not-found")
    assert (await world.shown(adviser, taken))["person"]["display_name"] == "Vanessa KELLER"
