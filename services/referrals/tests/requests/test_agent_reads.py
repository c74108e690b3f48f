"""What an agent sees: the day, the queue, lists, one request."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from referrals_service.requests.caisse_calendar import calendar_of
from servicekit import clock
from servicekit.access import Actor

from .situations import AGENT, World, ok, problem

MY_DAY = "/api/v1/referrals/agent/my-day"
QUEUES = "/api/v1/referrals/agent/queues"


async def ids(world: World, to: Actor, query: str = "") -> list[str]:
    return [item["id"] for item in ok(await world.client(to).get(f"{AGENT}?{query}"))["items"]]


async def test_lists_are_those_of_the_queue_and_of_the_caisse(world: World, partner: Actor, adviser: Actor) -> None:
    waiting = await world.filed(partner, await world.person(partner, "Keller"))
    mine = await world.taken(partner, adviser, await world.person(partner, "Durand"))
    colleague = await world.adviser()
    theirs = await world.taken(partner, colleague, await world.person(partner, "Martin"))
    await world.draft(partner, await world.person(partner, "Petit"))
    await world.filed(await world.structure(caisse="811"))

    assert set(await ids(world, adviser)) == {waiting["id"], mine["id"], theirs["id"]}
    assert await ids(world, adviser, "assigned=me") == [mine["id"]]
    assert await ids(world, adviser, "assigned=none") == [waiting["id"]]
    assert set(await ids(world, adviser, "assigned=unit")) == {mine["id"], theirs["id"]}
    assert await ids(world, adviser, "state=submitted") == [waiting["id"]]
    assert set(await ids(world, adviser, "state=relevance_review&queue=misas")) == {mine["id"], theirs["id"]}
    assert await ids(world, adviser, "queue=gdb") == []
    assert await ids(world, adviser, f"q={mine['id'][:4]}") == []
    assert await ids(world, adviser, f"q={waiting['number']}") == [waiting["id"]]
    assert len(await ids(world, adviser, "due=week")) == 3
    assert await ids(world, adviser, "due=overdue") == []
    assert await ids(world, adviser, "sort=due_latest") == list(reversed(await ids(world, adviser, "sort=due")))
    csam = await world.adviser("csam", unit="ss_31")
    assert await ids(world, csam) == []
    assert set(await ids(world, await world.adviser("coordinateur", unit=None))) == {
        waiting["id"],
        mine["id"],
        theirs["id"],
    }
    problem(await world.client(None).get(AGENT), 401, "unauthenticated")
    assert (await world.client(partner).get(AGENT)).status_code == 403


async def test_names_are_shown_to_those_to_whom_the_person_is_entrusted(
    world: World, partner: Actor, adviser: Actor
) -> None:
    taken = await world.taken(partner, adviser)
    [mine] = ok(await world.client(adviser).get(AGENT))["items"]
    assert mine["person"]["display_name"] == "Vanessa KELLER"
    for role, unit in (("conseiller_misas", "misas"), ("responsable_unite", None)):
        someone = await world.adviser(role, unit=unit)
        [seen] = ok(await world.client(someone).get(AGENT))["items"]
        assert (seen["id"], seen["person"]) == (taken["id"], None)
    entries = await world.under_test.rows("SELECT actor, subjects FROM journal WHERE action = 'agent_list_requests'")
    assert {e["actor"]: len(e["subjects"]) for e in entries}[adviser.sub] == 1
    assert sorted(len(e["subjects"]) for e in entries) == [0, 0, 1]


async def test_form_and_messages_are_withheld_from_those_who_share_the_work_out(
    world: World, partner: Actor, adviser: Actor
) -> None:
    sent = await world.filed(partner)
    ok(await world.act(partner, sent, "messages", {"text": "Elle part vendredi."}), 201)
    manager = await world.adviser("responsable_unite", unit=None)
    seen = await world.shown(manager, sent)
    assert (seen["withheld"], seen["form"], seen["messages"]) == (True, None, [])
    assert "out_of_pocket" not in str(seen)
    seen = await world.shown(adviser, sent)
    assert (seen["withheld"], len(seen["messages"])) == (False, 1)
    assert seen["form"]["situation_note"].startswith("Mère d'un enfant")
    assert seen["form"]["renounced_care"][0]["reasons"] == ["out_of_pocket", "no_complementary"]
    assert seen["abilities"]["take"] is True
    given = ok(await world.act(manager, sent, "assign", {"account_id": manager.sub}))
    assert (await world.shown(manager, given))["withheld"] is False


async def test_what_was_written_is_read_by_those_to_whom_the_person_is_entrusted(
    world: World, partner: Actor, adviser: Actor
) -> None:
    taken = await world.taken(partner, adviser)
    ok(await world.act(partner, taken, "messages", {"text": "Elle part vendredi."}), 201)
    colleague = await world.adviser()
    seen = await world.shown(colleague, taken)
    assert (seen["withheld"], seen["form"], seen["messages"]) == (True, None, [])
    assert "+336" not in str(seen)
    reason = {"reason": "Elle est à l'accueil sans sa conseillère."}
    persons = "/api/v1/referrals/agent/persons"
    ok(await world.client(colleague).post(f"{persons}/{seen['person_id']}/open", reason))
    seen = await world.shown(colleague, taken)
    assert (seen["withheld"], seen["form"]["phone"], len(seen["messages"])) == (False, "+33612345678", 1)


@pytest.mark.parametrize(
    ("by_sender", "verb", "given"),
    [
        (True, "withdraw", {"reason": "person_declines", "message": "Elle ne veut plus être appelée."}),
        (False, "redirect", {"target": "other_caisse", "body": "811", "message": "Elle a déménagé."}),
        (False, "redirect", {"target": "social_service", "message": "Le service social la rappelle."}),
    ],
)
async def test_what_was_written_closes_with_the_person(
    world: World, partner: Actor, adviser: Actor, by_sender: bool, verb: str, given: dict[str, str]
) -> None:
    taken = await world.taken(partner, adviser)
    assert (await world.shown(adviser, taken))["withheld"] is False
    ok(await world.act(partner if by_sender else adviser, taken, verb, given))
    for someone in (adviser, await world.adviser()):
        seen = await world.shown(someone, taken)
        assert (seen["withheld"], seen["form"], seen["messages"], seen["person"]) == (True, None, [], None)
        assert seen["timeline"][-1]["message"] == given["message"]
        assert "Vitale" not in str(seen)
        assert "+336" not in str(seen)


async def test_what_a_refusal_was_about_is_read_for_a_while(world: World, partner: Actor, adviser: Actor) -> None:
    taken = await world.taken(partner, adviser)
    ok(await world.act(adviser, taken, "refuse", {"reason": "already_accompanied"}))
    assert (await world.shown(adviser, taken))["withheld"] is False
    with clock.travel(clock.now() + timedelta(days=31)):
        assert (await world.shown(adviser, taken))["withheld"] is True


async def test_another_caisse_sees_nothing(world: World, partner: Actor) -> None:
    sent = await world.filed(partner)
    for role in ("conseiller_misas", "coordinateur"):
        there = await world.adviser(role, caisse="811")
        problem(await world.client(there).get(f"{AGENT}/{sent['id']}"), 404, "request-not-found")
        assert await ids(world, there) == []
    problem(await world.client(None).get(f"{AGENT}/{sent['id']}"), 401, "unauthenticated")
    assert (await world.client(partner).get(f"{AGENT}/{sent['id']}")).status_code == 403


async def test_the_day_shows_what_is_late_due_waiting_and_new(world: World, partner: Actor, adviser: Actor) -> None:
    async def one(name: str, at: datetime) -> dict[str, Any]:
        with clock.travel(at):
            return await world.filed(partner, await world.person(partner, name))

    async def taken(name: str, at: datetime) -> dict[str, Any]:
        sent = await one(name, at)
        with clock.travel(at):
            return ok(await world.act(adviser, sent, "take"))

    # Thursday 12 March 2026, two working days: due on the 16th.
    thursday = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
    late = await taken("Keller", thursday)
    today = await taken("Durand", datetime(2026, 3, 13, 9, 0, tzinfo=UTC))
    asked = await taken("Martin", datetime(2026, 3, 17, 8, 0, tzinfo=UTC))
    new = await one("Petit", datetime(2026, 3, 17, 8, 30, tzinfo=UTC))
    with clock.travel(datetime(2026, 3, 17, 9, 0, tzinfo=UTC)):
        ok(await world.act(adviser, asked, "messages", {"text": "À quelle heure ?"}), 201)
        day = ok(await world.client(adviser).get(MY_DAY))
    assert day["today"] == "2026-03-17"
    sections = {
        name: [item["id"] for item in day[name]["items"]]
        for name in ("overdue", "due_today", "waiting_partner", "new_in_queues")
    }
    assert sections == {
        "overdue": [late["id"]],
        "due_today": [today["id"]],
        "waiting_partner": [asked["id"]],
        "new_in_queues": [new["id"]],
    }
    assert day["overdue"]["count"] == {"count": 1, "more": False}
    assert (day["overdue"]["items"][0]["overdue"], day["overdue"]["items"][0]["working_days_left"]) == (True, -1)
    assert day["new_in_queues"]["items"][0]["person"]["display_name"] == "Vanessa PETIT"
    with clock.travel(datetime(2026, 3, 17, 9, 0, tzinfo=UTC)):
        colleague = await world.adviser()
        theirs = ok(await world.client(colleague).get(MY_DAY))
    assert [theirs[name]["count"]["count"] for name in sections] == [0, 0, 0, 1]


async def test_what_a_sender_writes_after_the_answer_is_to_be_read(
    world: World, partner: Actor, adviser: Actor
) -> None:
    accepted = await world.taken(partner, adviser)
    ok(await world.act(adviser, accepted, "accept", {}))
    assert ok(await world.client(adviser).get(MY_DAY))["to_read"]["items"] == []
    ok(await world.act(partner, accepted, "messages", {"text": "Elle n'a plus de toit depuis hier."}), 201)

    part = ok(await world.client(adviser).get(MY_DAY))["to_read"]
    assert [(item["id"], item["unread"]) for item in part["items"]] == [(accepted["id"], 1)]
    assert await ids(world, adviser, "assigned=me") == [accepted["id"]]
    assert await ids(world, adviser) == []
    assert ok(await world.client(await world.adviser()).get(MY_DAY))["to_read"]["items"] == []
    ok(await world.act(adviser, accepted, "read", None))
    assert ok(await world.client(adviser).get(MY_DAY))["to_read"]["items"] == []
    assert await ids(world, adviser, "assigned=me") == []


async def test_the_queue_says_how_much_waits_and_names_nobody(world: World, partner: Actor, adviser: Actor) -> None:
    today = calendar_of("311").today()
    for name in ("Keller", "Durand"):
        await world.filed(partner, await world.person(partner, name))
    await world.taken(partner, adviser, await world.person(partner, "Martin"))
    await world.under_test.rows(
        "UPDATE requests SET due_on = %s WHERE id = (SELECT min(id::text)::uuid FROM requests)",
        today - timedelta(days=3),
    )

    queues = ok(await world.client(adviser).get(QUEUES))

    [misas] = queues["items"]
    assert (misas["queue"], misas["waiting"], misas["overdue"]["count"]) == (
        "misas",
        {"count": 2, "more": False},
        1,
    )
    assert misas["oldest_due_on"] == (today - timedelta(days=3)).isoformat()
    assert misas["delays"] == [{"kind": "misas_referral", "target_days": 2, "observed_days": None}]
    assert "Keller" not in str(queues)
    problem(await world.client(None).get(QUEUES), 401, "unauthenticated")
    problem(await world.client(None).get(MY_DAY), 401, "unauthenticated")


async def test_what_was_answered_leaves_the_list_and_is_found_by_state_or_number(
    world: World, partner: Actor, adviser: Actor
) -> None:
    kept = await world.taken(partner, adviser, await world.person(partner, "Keller"))
    done = await world.taken(partner, adviser, await world.person(partner, "Durand"))
    ok(await world.act(adviser, done, "refuse", {"reason": "duplicate"}))
    assert await ids(world, adviser) == [kept["id"]]
    assert await ids(world, adviser, "assigned=me") == [kept["id"]]
    assert await ids(world, adviser, "state=refused") == [done["id"]]
    [answered] = ok(await world.client(adviser).get(f"{AGENT}?state=refused"))["items"]
    assert await ids(world, adviser, f"q={answered['number']}") == [done["id"]]
