"""A silent caisse: the service, its manager, the region, each once and the sender with them; what lapses is closed."""

from datetime import UTC, datetime

from referrals_service.requests import schedules
from referrals_service.requests.codes import RequestKind
from servicekit import clock
from servicekit.access import Actor
from servicekit.jobs import Task

from .kinds import a_form_of
from .situations import World, ok


def at(day: str, hour: int = 9) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02d}:00:00").replace(tzinfo=UTC)


async def turn(world: World, task: Task[[]], day: str) -> None:
    with clock.travel(at(day)):
        async with world.under_test.app.state.service.database.system_session(task.name) as session:
            await task.work(session)


async def levels(world: World) -> list[str]:
    return [f["payload"]["level"] for f in await world.facts() if f["type"] == "request.silent"]


async def test_a_late_answer_is_told_level_by_level_each_once(world: World, partner: Actor) -> None:
    with clock.travel(at("2026-03-02")):
        sent = await world.sent(partner, a_form_of(RequestKind.SEND_FILE))
    # Due on the 16th; the manager three working days later, the region ten.
    for day, told in (
        ("2026-03-16", []),
        ("2026-03-17", ["service"]),
        ("2026-03-19", ["service"]),
        ("2026-03-20", ["service", "manager"]),
        ("2026-03-30", ["service", "manager"]),
        ("2026-03-31", ["service", "manager", "region"]),
        ("2026-04-30", ["service", "manager", "region"]),
    ):
        await turn(world, schedules.tell_of_silence, day)
        assert await levels(world) == told, day
    row = await world.row(sent)
    assert (row["silence"], row["state"], row["version"]) == (3, "submitted", 1)


async def test_a_caisse_that_was_away_for_weeks_tells_every_level_at_once(world: World, partner: Actor) -> None:
    with clock.travel(at("2026-03-02")):
        await world.sent(partner, a_form_of(RequestKind.SEND_FILE))
    await turn(world, schedules.tell_of_silence, "2026-05-04")
    assert await levels(world) == ["service", "manager", "region"]


async def test_nobody_is_late_while_the_sender_completes(world: World, partner: Actor) -> None:
    agent = await world.adviser("agent_gdb", unit=None)
    with clock.travel(at("2026-03-02")):
        taken = ok(await world.act(agent, await world.sent(partner, a_form_of(RequestKind.SEND_FILE)), "take"))
        ok(await world.act(agent, taken, "ask", {"items": ["form"], "until_on": "2026-04-01"}))
    await turn(world, schedules.tell_of_silence, "2026-03-30")
    assert await levels(world) == []


async def test_what_nobody_completed_is_closed_without_an_answer(world: World, partner: Actor) -> None:
    agent = await world.adviser("agent_gdb", unit=None)
    with clock.travel(at("2026-03-02")):
        taken = ok(await world.act(agent, await world.sent(partner, a_form_of(RequestKind.SEND_FILE)), "take"))
        ok(await world.act(agent, taken, "ask", {"items": ["form"]}))
    await turn(world, schedules.close_lapsed, "2026-04-01")
    assert (await world.row(taken))["state"] == "waiting_partner"
    await turn(world, schedules.close_lapsed, "2026-04-02")
    seen = await world.shown(partner, taken)
    last = seen["timeline"][-1]
    assert (seen["state"], last["side"], seen["unread"]) == ("closed", "system", 2)
    assert last["reason_label"].startswith("Close sans suite")
    assert (await world.row(taken))["decided_at"] is None


async def test_an_answer_nobody_reads_closes_after_the_delay(world: World, partner: Actor) -> None:
    agent = await world.adviser("agent_gdb", unit=None)
    with clock.travel(at("2026-03-02")):
        taken = ok(await world.act(agent, await world.sent(partner, a_form_of(RequestKind.DOCUMENT)), "take"))
        ok(await world.act(agent, taken, "answer", {"outcome": "delivered", "message": "Envoyée."}))
    await turn(world, schedules.close_lapsed, "2026-04-01")
    assert (await world.row(taken))["state"] == "answered"
    await turn(world, schedules.close_lapsed, "2026-04-02")
    [fact] = [f for f in await world.facts() if f["type"] == "request.closed"]
    assert fact["payload"] == {"kind": "document", "reason": "no_news"}
