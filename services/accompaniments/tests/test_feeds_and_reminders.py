"""Secret addresses of calendars, and reminders two days before."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from accompaniments_service.appointments.reminders import remind
from accompaniments_service.calendars.ical import Busy, written
from accompaniments_service.network.partners import Nothing, OfAccount, on_account_shut
from servicekit import clock
from servicekit.access import Actor
from servicekit.db import new_id
from servicekit.facts import Published
from servicekit.testing import a_service

from .situations import AGENT, World, a_booking, local, refusal


def a_secret() -> tuple[str, str]:
    token = secrets.token_urlsafe(32)
    return token, hashlib.sha256(token.encode()).hexdigest()


async def test_a_feed_says_when_and_what_kind_and_never_who(world: World) -> None:
    calendar, kind = await world.calendar(), await world.kind(label="Bilan; santé, droits")
    person = await world.person()
    adviser = world.agent()
    await world.employ(adviser)
    booked = await world.post(adviser, f"{AGENT}/appointments", a_booking(calendar, kind, person, local(25, 9)))
    token, hashed = a_secret()
    feed = await world.post(adviser, f"{AGENT}/calendars/{calendar}/feeds", {"token_sha256": hashed})
    gateway = a_service("gateway")
    answer = await world.send(gateway, "GET", f"/internal/calendar-feeds/{hashed}")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = answer.text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert "DTSTART:20260325T080000Z" in lines
    assert "DTEND:20260325T083000Z" in lines
    assert f"SUMMARY:RDV {booked['id'][-8:].upper()} · Bilan\\; santé\\, droits" in lines
    assert person not in answer.text
    assert person.replace("-", "") not in answer.text
    detail = await world.get(adviser, f"{AGENT}/calendars/{calendar}")
    assert [f["mine"] for f in detail["feeds"]] == [True]
    for row in await world.under_test.rows("SELECT row_to_json(t)::text AS row FROM calendar_feeds AS t"):
        assert token not in row["row"]
    other = world.agent()
    revoke = f"{AGENT}/calendar-feeds/{feed['id']}/revoke"
    assert (await world.send(other, "POST", revoke)).status_code == 403
    await world.post(adviser, revoke)
    assert refusal(await world.send(gateway, "GET", f"/internal/calendar-feeds/{hashed}")) == "calendar-feed-not-found"


async def an_address(world: World, adviser: Actor, calendar: str) -> str:
    _, hashed = a_secret()
    await world.post(adviser, f"{AGENT}/calendars/{calendar}/feeds", {"token_sha256": hashed})
    return f"/internal/calendar-feeds/{hashed}"


async def test_an_address_ends_with_the_role_of_who_opened_it_and_with_the_calendar(world: World) -> None:
    gateway, adviser, other = a_service("gateway"), world.agent(), world.agent()
    calendar = await world.calendar()
    left, stays = await world.employ(adviser), await world.employ(other)
    address, kept = await an_address(world, adviser, calendar), await an_address(world, other, calendar)
    await world.under_test.rows("UPDATE agent_assignments SET ended_on = '2026-03-01' WHERE id = %s", left)
    assert refusal(await world.send(gateway, "GET", address)) == "calendar-feed-not-found"
    assert (await world.send(gateway, "GET", kept)).status_code == 200
    await world.under_test.rows("UPDATE calendars SET active = false WHERE id = %s", calendar)
    assert refusal(await world.send(gateway, "GET", kept)) == "calendar-feed-not-found"
    assert stays != left


async def test_the_addresses_of_a_shut_account_are_revoked_for_good(world: World) -> None:
    gateway, adviser = a_service("gateway"), world.agent()
    await world.employ(adviser)
    calendar = await world.calendar()
    before = await an_address(world, adviser, calendar)
    fact = Published[OfAccount, Nothing].model_validate(
        {
            "id": new_id(),
            "at": world.at + timedelta(minutes=1),
            "type": "account.suspended",
            "caisse": world.caisse,
            "subject": {"account": adviser.account_id},
            "payload": {"reason": "absence"},
        }
    )
    database = world.under_test.app.state.service.database
    async with database.system_session("facts.follow") as session:
        await on_account_shut(session, fact)
    assert refusal(await world.send(gateway, "GET", before)) == "calendar-feed-not-found"
    world.at += timedelta(hours=1)
    after = await an_address(world, adviser, calendar)
    async with database.system_session("facts.follow") as session:
        await on_account_shut(session, fact)
    assert (await world.send(gateway, "GET", after)).status_code == 200


async def test_only_the_gateway_reads_feeds_and_nothing_else_opens_them(world: World) -> None:
    assert (await world.send(a_service("partners"), "GET", "/internal/calendar-feeds/" + "0" * 64)).status_code == 403
    for wrong in ("0" * 64, "xyz", "00"):
        answer = await world.send(a_service("gateway"), "GET", f"/internal/calendar-feeds/{wrong}")
        assert answer.status_code == 404


def test_lines_of_a_feed_are_folded_between_characters() -> None:
    at = datetime(2026, 3, 25, 8, tzinfo=UTC)
    content = written([Busy(UUID(int=7), 1, at, at, at + timedelta(minutes=30), "é" * 120)], at)
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode() is not None for line in lines)
    assert "é" * 120 in content.decode().replace("\r\n ", "")


async def test_a_reminder_is_announced_once_two_days_before(world: World) -> None:
    calendar, kind = await world.calendar(), await world.kind()
    adviser = world.agent()
    kept = await world.post(
        adviser, f"{AGENT}/appointments", a_booking(calendar, kind, await world.person(), local(26, 9))
    )
    gone = await world.post(
        adviser, f"{AGENT}/appointments", a_booking(calendar, kind, await world.person(), local(26, 10))
    )
    await world.post(adviser, f"{AGENT}/appointments", a_booking(calendar, kind, await world.person(), local(24, 9)))
    cancel = {"reason": "no_longer_needed", "for_person": True}
    await world.post(adviser, f"{AGENT}/appointments/{gone['id']}/cancel", cancel, if_match=gone["version"])

    async def turn(at: datetime) -> list[str]:
        with clock.travel(at):
            async with world.under_test.app.state.service.database.system_session("appointments.remind") as session:
                await remind.work(session)
        facts = await world.under_test.facts()
        return [f["subject"]["appointment"] for f in facts if f["type"] == "appointment.reminder_due"]

    assert await turn(local(23, 23, 30)) == [], "not yet the day, in Toulouse"
    assert await turn(local(24, 0, 30)) == [kept["id"]]
    assert await turn(local(24, 0, 40)) == [kept["id"]]


async def test_the_day_of_a_reminder_is_the_caisses_own(world: World) -> None:
    """At Saint-Denis de La Réunion the 24th begins when it is still the 23rd, 20:00 UTC."""
    await world.settle("974", "974", "Indian/Reunion")
    world.caisse = "974"
    calendar, kind = await world.calendar(), await world.kind()
    at = datetime(2026, 3, 26, 6, tzinfo=UTC)
    await world.post(world.agent(), f"{AGENT}/appointments", a_booking(calendar, kind, await world.person(), at))
    database = world.under_test.app.state.service.database
    for instant, count in (
        (datetime(2026, 3, 23, 19, 50, tzinfo=UTC), 0),
        (datetime(2026, 3, 23, 20, 10, tzinfo=UTC), 1),
    ):
        with clock.travel(instant):
            async with database.system_session("appointments.remind") as session:
                await remind.work(session)
        told = [f for f in await world.under_test.facts() if f["type"] == "appointment.reminder_due"]
        assert len(told) == count
