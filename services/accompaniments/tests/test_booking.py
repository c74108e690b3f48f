"""Booking, moving, cancelling and what became of it, by the caisse and by partners, through the routes."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from accompaniments_service.calendars.schemas import CalendarIn
from servicekit.access import Actor, Audience
from servicekit.testing import an_actor

from .situations import AGENT, PARTNER, World, a_booking, local, ok, refusal, starts

WEDNESDAY = local(25, 9)
A_DAY = {"from_on": "2026-01-01", "until_on": "2026-01-01"}


async def booked(world: World, **more: Any) -> tuple[dict[str, Any], str, str]:
    """Book Wednesday at nine for somebody; return the receipt, the calendar and the kind."""
    calendar, kind = await world.calendar(), await world.kind()
    sent = a_booking(calendar, kind, await world.person(), WEDNESDAY, **more)
    return await world.post(world.agent(), f"{AGENT}/appointments", sent), calendar, kind


async def test_an_agent_books_and_the_week_shows_it(world: World) -> None:
    adviser = world.agent()
    receipt, calendar, _ = await booked(world, request_id=str(uuid4()))
    assert receipt["state"] == "booked"
    week = await world.get(adviser, f"{AGENT}/calendars/{calendar}/week", from_on="2026-03-23")
    assert [day["on"] for day in week["days"]][::6] == ["2026-03-23", "2026-03-29"]
    assert [len(day["windows"]) for day in week["days"]] == [1, 1, 1, 1, 1, 0, 0]
    [shown] = week["appointments"]
    assert shown["id"] == receipt["id"]
    assert shown["abilities"] == {"move": True, "cancel": True, "mark": False}
    [fact] = await world.under_test.facts()
    assert fact["type"] == "appointment.booked"
    assert fact["payload"] == {
        "calendar_kind": "adviser",
        "mode": "office",
        "subject": "c2s",
        "activity": None,
        "starts_at": "2026-03-25T08:00:00Z",
        "minutes": 30,
        "side": "caisse",
        "interpreter": False,
        "accessibility": False,
    }
    [entry] = await world.under_test.rows(
        "SELECT subjects FROM journal WHERE kind = 'read' AND action = 'agent_read_week'"
    )
    assert [str(s) for s in entry["subjects"]] == [shown["person_id"]]


@pytest.mark.parametrize(
    ("start", "slug"),
    [
        (local(25, 12), "slot-closed"),
        (local(25, 11, 45), "slot-closed"),
        (local(28, 9), "slot-closed"),
        (local(20, 9), "slot-closed"),
    ],
)
async def test_closed_hours_are_refused(world: World, start: datetime, slug: str) -> None:
    calendar, kind = await world.calendar(), await world.kind()
    sent = a_booking(calendar, kind, await world.person(), start)
    assert refusal(await world.send(world.agent(), "POST", f"{AGENT}/appointments", sent)) == slug


async def test_places_are_given_up_to_the_capacity(world: World) -> None:
    calendar, kind = await world.calendar(kind="ces", label="Examens de santé", capacity=3), await world.kind()
    adviser = world.agent()
    for _ in range(3):
        await world.post(adviser, f"{AGENT}/appointments", a_booking(calendar, kind, await world.person(), WEDNESDAY))
    fourth = a_booking(calendar, kind, await world.person(), WEDNESDAY + timedelta(minutes=15))
    assert refusal(await world.send(adviser, "POST", f"{AGENT}/appointments", fourth)) == "slot-taken"
    places = await world.under_test.rows("SELECT place FROM appointments ORDER BY place")
    assert [row["place"] for row in places] == [1, 2, 3]


async def test_the_database_itself_refuses_a_double(world: World) -> None:
    receipt, *_ = await booked(world)
    with pytest.raises(Exception, match="ex_appointments_taken"):
        await world.under_test.rows(
            "INSERT INTO appointments SELECT (jsonb_populate_record(a, jsonb_build_object('id', %s::text))).* "
            "FROM appointments a WHERE id = %s",
            str(uuid4()),
            receipt["id"],
        )


async def test_needs_lengthen_the_slot(world: World) -> None:
    calendar, kind = await world.calendar(), await world.kind(interpreter_minutes=30, accessibility_minutes=15)
    adviser = world.agent()
    path = f"{AGENT}/calendars/{calendar}/slots"
    plain = await world.get(adviser, path, kind_id=kind, from_on="2026-03-25", days=1)
    assert starts(plain, "2026-03-25") == ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]
    longer = await world.get(
        adviser, path, kind_id=kind, from_on="2026-03-25", days=1, interpreter=True, accessibility=True
    )
    assert longer["minutes"] == 75
    assert starts(longer, "2026-03-25") == ["09:00", "09:30", "10:00", "10:30"]
    sent = a_booking(
        calendar, kind, await world.person(), WEDNESDAY, interpreter=True, accessibility=True, language="ar"
    )
    await world.post(adviser, f"{AGENT}/appointments", sent)
    after = await world.get(adviser, path, kind_id=kind, from_on="2026-03-25", days=1)
    assert starts(after, "2026-03-25") == ["10:30", "11:00", "11:30"]


async def test_moving_frees_the_old_time_and_keeps_the_history(world: World) -> None:
    receipt, calendar, kind = await booked(world)
    adviser = world.agent()
    path = f"{AGENT}/appointments/{receipt['id']}/move"
    later = {"starts_at": (WEDNESDAY + timedelta(minutes=15)).isoformat()}
    moved = await world.post(adviser, path, later, if_match=receipt["version"])
    assert moved["id"] != receipt["id"]
    states = await world.under_test.rows("SELECT state, moved_from FROM appointments ORDER BY moved_from NULLS FIRST")
    assert [row["state"] for row in states] == ["moved", "booked"]
    assert str(states[1]["moved_from"]) == receipt["id"]
    assert [fact["type"] for fact in await world.under_test.facts()] == ["appointment.booked", "appointment.moved"]
    verbs = await world.under_test.rows("SELECT verb FROM appointment_events ORDER BY at, id")
    assert sorted(row["verb"] for row in verbs) == ["book", "book", "move"]
    answer = await world.send(adviser, "POST", path, later, if_match=receipt["version"] + 1)
    assert refusal(answer) == "transition-refused"
    taken = a_booking(calendar, kind, await world.person(), WEDNESDAY)
    assert refusal(await world.send(adviser, "POST", f"{AGENT}/appointments", taken)) == "slot-taken"


async def test_a_move_that_is_refused_changes_nothing(world: World) -> None:
    receipt, *_ = await booked(world)
    path = f"{AGENT}/appointments/{receipt['id']}/move"
    answer = await world.send(
        world.agent(), "POST", path, {"starts_at": local(28, 9).isoformat()}, if_match=receipt["version"]
    )
    assert refusal(answer) == "slot-closed"
    [row] = await world.under_test.rows("SELECT state FROM appointments")
    assert row["state"] == "booked"


@pytest.mark.parametrize(("for_person", "state"), [(True, "cancelled_by_person"), (False, "cancelled_by_service")])
async def test_cancelling_gives_the_place_back(world: World, for_person: bool, state: str) -> None:
    receipt, calendar, kind = await booked(world)
    adviser = world.agent()
    path = f"{AGENT}/appointments/{receipt['id']}/cancel"
    given = {"reason": "staff_absent", "for_person": for_person}
    stale = await world.send(adviser, "POST", path, given, if_match=receipt["version"] + 4)
    assert refusal(stale) == "stale-version"
    assert (await world.post(adviser, path, given, if_match=receipt["version"]))["state"] == state
    again = a_booking(calendar, kind, await world.person(), WEDNESDAY)
    await world.post(adviser, f"{AGENT}/appointments", again)
    fact = (await world.under_test.facts())[1]
    assert (fact["type"], fact["payload"]["by"]) == ("appointment.cancelled", "person" if for_person else "service")


async def test_what_became_of_it_is_said_afterwards_and_can_be_corrected(world: World) -> None:
    receipt, calendar, _ = await booked(world)
    adviser, path = world.agent(), f"{AGENT}/appointments/{receipt['id']}"
    early = await world.send(adviser, "POST", f"{path}/see", if_match=receipt["version"])
    assert refusal(early) == "transition-refused"
    world.at = WEDNESDAY.astimezone(UTC) + timedelta(hours=1)
    missed = await world.post(adviser, f"{path}/miss", if_match=receipt["version"])
    assert missed["state"] == "no_show"
    seen = await world.post(adviser, f"{path}/see", if_match=missed["version"])
    assert seen["state"] == "seen"
    excused = await world.post(adviser, f"{path}/excuse", if_match=seen["version"])
    assert excused["state"] == "excused"
    told = [(f["type"], f["payload"].get("excused")) for f in await world.under_test.facts()]
    assert told[1:] == [
        ("appointment.missed", False),
        ("appointment.held", None),
        ("appointment.missed", True),
    ]
    cancel = await world.send(
        adviser, "POST", f"{path}/cancel", {"reason": "other", "for_person": True}, if_match=excused["version"]
    )
    assert refusal(cancel) == "transition-refused"
    week = await world.get(adviser, f"{AGENT}/calendars/{calendar}/week", from_on="2026-03-23")
    assert week["appointments"][0]["abilities"] == {"move": False, "cancel": False, "mark": True}


async def test_only_those_who_should_book_with_social_workers(world: World) -> None:
    """SS-06."""
    worker = world.agent("assistant_social")
    await world.employ(worker)
    calendar = await world.calendar(kind="social_worker", label="Secteur 4", zone="secteur-4", account=worker.sub)
    kind = await world.kind(mode="home_visit")
    for actor, allowed in (
        (world.agent("csam"), True),
        (world.agent("manager_ss"), True),
        (worker, True),
        (world.agent("assistant_social"), False),
        (world.agent("conseiller_misas"), False),
    ):
        sent = a_booking(calendar, kind, await world.person(), WEDNESDAY)
        answer = await world.send(actor, "POST", f"{AGENT}/appointments", sent)
        if allowed:
            cancel = {"reason": "mistake", "for_person": False}
            receipt = ok(answer)
            path = f"{AGENT}/appointments/{receipt['id']}/cancel"
            await world.post(actor, path, cancel, if_match=receipt["version"])
        else:
            assert answer.status_code == 403
            assert answer.json()["rule"] == "SS-06"


async def test_a_person_must_be_known_here(world: World) -> None:
    calendar, kind = await world.reception(), await world.kind()
    ours, theirs = await world.structure(), await world.structure()
    stranger = a_booking(calendar, kind, str(uuid4()), WEDNESDAY)
    assert refusal(await world.send(world.agent(), "POST", f"{AGENT}/appointments", stranger)) == "person-not-found"
    sent = a_booking(calendar, kind, await world.person(theirs), WEDNESDAY, not_autonomous=True)
    assert refusal(await world.send(ours, "POST", f"{PARTNER}/appointments", sent)) == "person-not-found"


async def test_a_partner_books_moves_and_cancels_for_its_own_person(world: World) -> None:
    calendar, kind = await world.reception(), await world.kind()
    await world.calendar(label="Conseiller fermé aux partenaires")
    ours, others = await world.structure(), await world.structure()
    offers = await world.get(ours, f"{PARTNER}/offers")
    assert [place["label"] for place in offers["places"]] == ["Accueil de Muret"]
    assert offers["places"][0]["declares_non_autonomy"] is True
    assert [offer["id"] for offer in offers["kinds"]] == [kind]
    path = f"{PARTNER}/calendars/{calendar}/slots"
    slots = await world.get(ours, path, kind_id=kind, from_on="2026-03-23")
    assert starts(slots, "2026-03-23") == [], "a day's notice"
    assert starts(slots, "2026-03-24")[0] == "09:00"
    sent = a_booking(calendar, kind, await world.person(ours), WEDNESDAY)
    undeclared = await world.send(ours, "POST", f"{PARTNER}/appointments", sent)
    assert undeclared.json()["errors"][0]["rule"] == "ESP-05"
    receipt = await world.post(ours, f"{PARTNER}/appointments", sent | {"not_autonomous": True})
    theirs = sent | {"not_autonomous": True, "person_id": await world.person(others)}
    assert refusal(await world.send(others, "POST", f"{PARTNER}/appointments", theirs)) == "slot-taken"
    one = f"{PARTNER}/appointments/{receipt['id']}"
    to = {"starts_at": local(26, 10).isoformat()}
    assert (await world.send(others, "POST", f"{one}/move", to, if_match=1)).status_code == 404
    assert (await world.send(others, "POST", f"{one}/cancel", {}, if_match=1)).status_code == 404
    moved = await world.post(ours, f"{one}/move", to, if_match=receipt["version"])
    listed = await world.get(ours, f"{PARTNER}/appointments")
    assert [(a["state"], a["abilities"]["cancel"]) for a in listed["items"]] == [("booked", True), ("moved", False)]
    gone = await world.post(ours, f"{PARTNER}/appointments/{moved['id']}/cancel", {}, if_match=moved["version"])
    assert gone["state"] == "cancelled_by_person"
    assert (await world.get(others, f"{PARTNER}/appointments"))["items"] == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"starts_at": local(23, 11).isoformat()}, "slot-closed"),
        ({"starts_at": local(25, 9, 10).isoformat()}, "slot-closed"),
        ({"starts_at": local(27, 9, month=5).isoformat()}, "slot-closed"),
        ({"subject": "invalidite"}, "invalid"),
        ({"calendar_id": str(uuid4())}, "calendar-not-found"),
        ({"kind_id": str(uuid4())}, "appointment-kind-not-found"),
        ({"starts_at": "2026-03-25T09:00:00"}, "invalid"),
    ],
)
async def test_a_partner_books_what_is_on_offer_only(world: World, changed: dict[str, Any], expected: str) -> None:
    """ESP-06."""
    calendar, kind = await world.reception(), await world.kind()
    ours = await world.structure()
    sent = a_booking(calendar, kind, await world.person(ours), WEDNESDAY, not_autonomous=True) | changed
    assert refusal(await world.send(ours, "POST", f"{PARTNER}/appointments", sent)) == expected


async def test_a_structure_whose_portal_is_closed_books_nothing(world: World) -> None:
    """ESP-04."""
    calendar, kind = await world.reception(), await world.kind()
    ours = await world.structure(state="suspended")
    sent = a_booking(calendar, kind, await world.person(ours), WEDNESDAY, not_autonomous=True)
    answer = await world.send(ours, "POST", f"{PARTNER}/appointments", sent)
    assert answer.json()["rule"] == "ESP-04"


async def test_calendars_that_are_not_open_do_not_exist_for_partners(world: World) -> None:
    calendar, kind = await world.calendar(), await world.kind()
    ours = await world.structure()
    answer = await world.send(
        ours, "GET", f"{PARTNER}/calendars/{calendar}/slots", params={"kind_id": kind, "from_on": "2026-03-25"}
    )
    assert refusal(answer) == "calendar-not-found"
    assert (await world.get(ours, f"{PARTNER}/offers"))["places"] == []


async def test_another_caisse_sees_nothing(world: World) -> None:
    receipt, calendar, _ = await booked(world)
    await world.settle("751", "75")
    stranger = an_actor(Audience.AGENT, "conseiller_misas", caisse="751")
    assert (await world.get(stranger, f"{AGENT}/calendars"))["items"] == []
    for path in (f"calendars/{calendar}", f"calendars/{calendar}/week?from_on=2026-03-23"):
        assert (await world.send(stranger, "GET", f"{AGENT}/{path}")).status_code == 404
    assert (await world.send(stranger, "GET", f"{AGENT}/appointments/{receipt['id']}")).status_code == 404


async def seen(world: World, actor: Actor, table: str) -> int:
    database = world.under_test.app.state.service.database
    async with database.session(database.scope_of(actor)) as session:
        return int(await session.scalar(text(f"SELECT count(*) FROM {table}")))


async def test_the_database_shows_rows_to_their_structure_and_their_caisse_only(world: World) -> None:
    calendar, kind = await world.reception(), await world.kind()
    ours, others = await world.structure(), await world.structure()
    sent = a_booking(calendar, kind, await world.person(ours), WEDNESDAY, not_autonomous=True)
    await world.post(ours, f"{PARTNER}/appointments", sent)
    stranger = an_actor(Audience.AGENT, "conseiller_misas", caisse="751")
    for table in ("appointments", "appointment_events"):
        assert await seen(world, ours, table) == 1
        assert await seen(world, world.agent(), table) == 1
        assert await seen(world, others, table) == 0
        assert await seen(world, stranger, table) == 0
    database = world.under_test.app.state.service.database
    held = text("SELECT count(*) FROM held_places(CAST(:id AS uuid), '2026-03-01Z', '2026-04-01Z')").bindparams(
        id=calendar
    )
    for actor, count in ((others, 1), (stranger, 0)):
        async with database.session(database.scope_of(actor)) as session:
            assert await session.scalar(held) == count, "places of one's caisse, and no other's"
    with pytest.raises(DBAPIError):
        async with database.session(database.scope_of(others)) as session:
            await session.execute(text("UPDATE calendars SET label = 'x'"))


async def test_an_availability_is_replaced_as_a_whole(world: World) -> None:
    calendar = await world.calendar()
    manager, path = world.manager, f"{AGENT}/calendars/{calendar}"
    detail = await world.get(manager, path)
    assert len(detail["rules"]) == 5
    hours = {
        "rules": [{"weekday": 2, "from_time": "14:00", "until_time": "16:00", "from_on": "2026-03-01"}],
        "exceptions": [
            {"kind": "closed", "reason": "training", "from_on": "2026-04-01", "until_on": "2026-04-02"},
        ],
    }
    stale = await world.send(manager, "PUT", f"{path}/availability", hours, if_match=detail["version"] - 1)
    assert refusal(stale) == "stale-version"
    ok(await world.send(manager, "PUT", f"{path}/availability", hours, if_match=detail["version"]))
    after = await world.get(manager, path)
    assert [(r["weekday"], r["from_time"]) for r in after["rules"]] == [(2, "14:00:00")]
    assert after["exceptions"][0]["reason"] == "training"
    adviser = await world.send(world.agent(), "PUT", f"{path}/availability", hours, if_match=after["version"])
    assert refusal(adviser) == "not-for-your-role"


async def test_exceptions_that_are_over_stay_what_past_weeks_were(world: World) -> None:
    calendar = await world.calendar()
    path = f"{AGENT}/calendars/{calendar}"

    async def close(on: str) -> None:
        detail = await world.get(world.manager, path)
        day = {"kind": "closed", "reason": "training", "from_on": on, "until_on": on}
        hours = {"rules": [], "exceptions": [day]}
        ok(await world.send(world.manager, "PUT", f"{path}/availability", hours, if_match=detail["version"]))

    await close("2026-03-24")
    world.at += timedelta(days=30)
    for on in ("2026-05-04", "2026-05-05"):
        await close(on)
    rows = await world.under_test.rows("SELECT from_on FROM calendar_exceptions ORDER BY from_on")
    assert [str(row["from_on"]) for row in rows] == ["2026-03-24", "2026-05-05"]


async def test_the_calendar_of_somebody_who_left_is_still_amended_and_archived(world: World) -> None:
    holder = world.agent()
    assignment = await world.employ(holder)
    calendar = await world.calendar(account=str(holder.account_id))
    path = f"{AGENT}/calendars/{calendar}"
    await world.under_test.rows("UPDATE agent_assignments SET ended_on = '2026-03-01' WHERE id = %s", assignment)
    detail = await world.get(world.manager, path)
    given = {name: detail[name] for name in CalendarIn.model_fields}
    ok(await world.send(world.manager, "PUT", path, given | {"active": False}, if_match=detail["version"]))
    assert (await world.get(world.manager, path))["active"] is False
    again = given | {"account": str(uuid4())}
    refused = await world.send(world.manager, "PUT", path, again, if_match=detail["version"] + 1)
    assert refusal(refused) == "invalid"


@pytest.mark.parametrize(
    "hours",
    [
        {"rules": [{"weekday": 7, "from_time": "09:00", "until_time": "10:00", "from_on": "2026-01-01"}]},
        {"rules": [{"weekday": 1, "from_time": "10:00", "until_time": "09:00", "from_on": "2026-01-01"}]},
        {"rules": [{"weekday": 1, "from_time": "09:03", "until_time": "10:00", "from_on": "2026-01-01"}]},
        {
            "rules": [],
            "exceptions": [{"kind": "extra", "reason": "other", "from_on": "2026-01-01", "until_on": "2026-01-01"}],
        },
        {
            "rules": [],
            "exceptions": [{"kind": "closed", "reason": "ill", "from_on": "2026-01-01", "until_on": "2026-01-01"}],
        },
    ],
)
async def test_hours_that_make_no_sense_are_refused(world: World, hours: dict[str, Any]) -> None:
    calendar = await world.calendar()
    answer = await world.send(world.manager, "PUT", f"{AGENT}/calendars/{calendar}/availability", hours, if_match=1)
    assert refusal(answer) == "invalid"


async def test_rooms_are_booked_for_activities_and_let_under_a_contract(world: World) -> None:
    room = await world.calendar(kind="room", label="Salle Garonne")
    adviser = world.agent()
    let = {
        "calendar_id": room,
        "starts_at": WEDNESDAY.isoformat(),
        "minutes": 120,
        "activity": "rental",
        "rental": {"organisation": "Association Le Fil", "contract_reference": "2026-014", "amount_cents": 12000},
    }
    await world.post(adviser, f"{AGENT}/resource-bookings", let)
    week = await world.get(adviser, f"{AGENT}/calendars/{room}/week", from_on="2026-03-23")
    assert week["appointments"][0]["rental"] == let["rental"]
    meeting = {"calendar_id": room, "starts_at": WEDNESDAY.isoformat(), "minutes": 30, "activity": "meeting"}
    assert refusal(await world.send(adviser, "POST", f"{AGENT}/resource-bookings", meeting)) == "slot-taken"
    unnamed = {**let, "rental": None, "starts_at": local(26, 9).isoformat()}
    assert refusal(await world.send(adviser, "POST", f"{AGENT}/resource-bookings", unnamed)) == "invalid"
    calendar = await world.calendar()
    person = {**meeting, "calendar_id": calendar}
    assert refusal(await world.send(adviser, "POST", f"{AGENT}/resource-bookings", person)) == "invalid"


async def test_a_retry_books_once(world: World) -> None:
    calendar, kind = await world.calendar(), await world.kind()
    sent, key = a_booking(calendar, kind, await world.person(), WEDNESDAY), uuid4()
    adviser = world.agent()
    first = await world.send(adviser, "POST", f"{AGENT}/appointments", sent, key=key)
    second = await world.send(adviser, "POST", f"{AGENT}/appointments", sent, key=key)
    assert first.json() == second.json()
    assert len(await world.under_test.rows("SELECT 1 FROM appointments")) == 1
