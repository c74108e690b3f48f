"""What time does: drafts expire, a late first contact is said once, delays are measured."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from referrals_service.requests import schedules
from servicekit import clock
from servicekit.access import Actor
from servicekit.jobs import Task

from .situations import KIND, PARTNER, World, a_form, ok, problem

Turn = Callable[[Task[[]], datetime], Any]


@pytest.fixture
def turn(world: World) -> Turn:
    """Return what runs a schedule's turn at an instant, as the worker does."""

    async def run(task: Task[[]], at: datetime) -> None:
        with clock.travel(at):
            async with world.under_test.app.state.service.database.system_session(task.name) as session:
                await task.work(session)

    return run


def at(day: str, hour: int = 12) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02d}:00:00").replace(tzinfo=UTC)


async def test_a_draft_nobody_touched_for_thirty_days_is_forgotten(world: World, partner: Actor, turn: Turn) -> None:
    with clock.travel(at("2026-03-01")):
        draft = await world.draft(partner)
        saved = ok(await world.client(partner).put(f"{PARTNER}/{draft['id']}/form", a_form(), if_match=1))
    assert saved["expires_on"] == "2026-03-31"

    await turn(schedules.expire_drafts, at("2026-03-31", 20))
    assert (await world.row(draft))["state"] == "draft"
    await turn(schedules.expire_drafts, at("2026-04-01", 8))

    row = await world.row(draft)
    assert (row["state"], row["coarse"], row["draft_form"], row["turn"]) == ("expired", "expired", None, "nobody")
    shown = await world.shown(partner, draft)
    assert (shown["state_label"], shown["form"]) == ("Brouillon expiré", None)
    assert [(e["event"], e["side"], e["actor"]) for e in shown["timeline"]][-1] == ("expire", "system", None)
    assert await world.facts() == []
    problem(await world.act(partner, shown, "submit"), 409, "transition-refused")


async def test_touching_a_draft_gives_it_thirty_days_more(world: World, partner: Actor, turn: Turn) -> None:
    with clock.travel(at("2026-03-01")):
        draft = await world.draft(partner)
    with clock.travel(at("2026-03-30")):
        ok(await world.client(partner).put(f"{PARTNER}/{draft['id']}/form", {"kind": KIND, "phone": "06"}, if_match=1))
    await turn(schedules.expire_drafts, at("2026-04-20"))
    assert (await world.row(draft))["state"] == "draft"


async def test_the_life_of_a_draft_is_the_caisses_to_choose(world: World, partner: Actor, turn: Turn) -> None:
    await world.setting("311", "draft_life_days", "7")
    with clock.travel(at("2026-03-01")):
        draft = await world.draft(partner)
    await turn(schedules.expire_drafts, at("2026-03-09"))
    assert (await world.row(draft))["state"] == "expired"


async def test_a_request_that_was_sent_does_not_expire(world: World, partner: Actor, turn: Turn) -> None:
    with clock.travel(at("2026-03-02")):
        sent = await world.filed(partner)
    await turn(schedules.expire_drafts, at("2027-03-02"))
    assert (await world.row(sent))["state"] == "submitted"


async def test_a_late_first_contact_is_said_once(world: World, partner: Actor, adviser: Actor, turn: Turn) -> None:
    with clock.travel(at("2026-03-02")):
        taken = await world.taken(partner, adviser)
    # Five working days after Monday 2 March.
    await turn(schedules.remind_of_first_contact, at("2026-03-09", 20))
    assert [f["type"] for f in await world.facts()] == ["request.submitted", "request.taken"]

    for hour in (8, 9):
        await turn(schedules.remind_of_first_contact, at("2026-03-10", hour))

    late = [f for f in await world.facts() if f["type"] == "request.first_contact_late"]
    assert [f["payload"] for f in late] == [{"kind": "misas_referral", "account": adviser.sub, "due_on": "2026-03-09"}]
    row = await world.row(taken)
    assert (row["state"], row["version"]) == ("relevance_review", taken["version"])
    shown = await world.shown(partner, taken)
    assert [e["event"] for e in shown["timeline"]] == ["submit", "take"]
    assert shown["last_event"] == "take"
    assert [e["event"] for e in (await world.shown(adviser, taken))["timeline"]] == ["submit", "take", "remind"]
    # What the adviser had read before the reminder is still good to act from.
    ok(await world.act(adviser, taken, "accept", {}))


async def test_the_observed_delay_is_a_median_and_needs_eleven_answers(
    world: World, partner: Actor, adviser: Actor, turn: Turn
) -> None:
    async def answered(name: str, days: int) -> None:
        taken = await world.taken(partner, adviser, await world.person(partner, name))
        ok(await world.act(adviser, taken, "accept", {}))
        await world.under_test.rows(
            "UPDATE requests SET decision_days = %s, decided_at = '2026-03-02' WHERE id = %s", days, taken["id"]
        )

    for i, letter in enumerate("abcdefghij"):
        await answered(f"Keller{letter}", i)
    await turn(schedules.measure_delays, at("2026-03-10"))
    assert await world.under_test.rows("SELECT * FROM queue_delays") == []
    await answered("Durand", 10)

    await turn(schedules.measure_delays, at("2026-03-10"))

    [delay] = await world.under_test.rows("SELECT * FROM queue_delays")
    assert (delay["caisse"], delay["kind"], delay["answered"]) == ("311", "misas_referral", 11)
    assert (delay["median_days"], delay["window_days"]) == (5.0, 90)
    home = ok(await world.client(partner).get("/api/v1/referrals/partner/home"))
    assert {d["kind"]: d["observed_days"] for d in home["delays"]}["misas_referral"] == 5.0
    await turn(schedules.measure_delays, at("2026-09-10"))
    assert await world.under_test.rows("SELECT * FROM queue_delays") == []


async def test_what_somebody_had_whose_role_ran_out_waits_for_another(
    world: World, partner: Actor, adviser: Actor, turn: Turn
) -> None:
    until = "UPDATE agent_assignments SET until_on = '2026-03-10' WHERE account = %s"
    with clock.travel(at("2026-03-09")):
        taken = await world.taken(partner, adviser)
    await world.under_test.rows(until, adviser.account_id)

    await turn(schedules.release_lapsed, at("2026-03-10", 20))
    assert (await world.row(taken))["assigned_to"] == adviser.account_id
    await turn(schedules.release_lapsed, at("2026-03-11", 8))

    row = await world.row(taken)
    assert (row["state"], row["assigned_to"]) == ("relevance_review", None)
    grants = await world.under_test.rows(
        "SELECT holder FROM person_grants WHERE origin_id = %s AND revoked_at IS NULL", row["id"]
    )
    assert [g["holder"] for g in grants] == ["misas"]
    [ended] = await world.under_test.rows("SELECT ended_on FROM agent_assignments WHERE until_on = '2026-03-10'")
    assert str(ended["ended_on"]) == "2026-03-11"
    colleague = await world.adviser()
    with clock.travel(at("2026-03-11")):
        ok(await world.act(colleague, {"id": row["id"], "version": row["version"]}, "take"))
    await turn(schedules.release_lapsed, at("2026-03-12"))
    assert (await world.row(taken))["assigned_to"] == colleague.account_id
