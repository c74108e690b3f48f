"""Moving to another calendar or for other needs, by the caisse and by partners, through the routes."""

from datetime import timedelta
from typing import Any

from .situations import AGENT, PARTNER, World, a_booking, local, refusal

WEDNESDAY = local(25, 9)


async def week_of(world: World, calendar: str) -> list[dict[str, Any]]:
    week = await world.get(world.agent(), f"{AGENT}/calendars/{calendar}/week", from_on="2026-03-23")
    shown: list[dict[str, Any]] = week["appointments"]
    return shown


async def test_needs_that_come_later_replace_the_appointment_at_the_same_time(world: World) -> None:
    calendar, kind = await world.calendar(), await world.kind(interpreter_minutes=30)
    adviser = world.agent()
    path = f"{AGENT}/appointments"
    receipt = await world.post(adviser, path, a_booking(calendar, kind, await world.person(), WEDNESDAY))
    needs = {"interpreter": True, "language": "ar", "accessibility": False}
    same = {"starts_at": WEDNESDAY.isoformat()}
    await world.post(adviser, f"{path}/{receipt['id']}/move", same | {"needs": needs}, if_match=receipt["version"])
    [shown] = await week_of(world, calendar)
    assert {name: shown[name] for name in needs} == needs
    assert shown["ends_at"] == "2026-03-25T09:00:00Z", "an hour, where it was half an hour"
    [_, fact] = await world.under_test.facts()
    assert (fact["payload"]["interpreter"], fact["payload"]["minutes"]) == (True, 60)
    assert fact["payload"]["was_at"] == fact["payload"]["starts_at"]
    kept = await world.post(
        adviser,
        f"{path}/{shown['id']}/move",
        {"starts_at": local(26, 9).isoformat()},
        if_match=shown["version"],
    )
    [shown] = await week_of(world, calendar)
    assert (shown["id"], shown["language"]) == (kept["id"], "ar")


async def test_needs_that_do_not_fit_before_the_next_appointment_change_nothing(world: World) -> None:
    calendar, kind = await world.calendar(), await world.kind(interpreter_minutes=30)
    adviser = world.agent()
    path = f"{AGENT}/appointments"
    receipt = await world.post(adviser, path, a_booking(calendar, kind, await world.person(), WEDNESDAY))
    half_past = WEDNESDAY + timedelta(minutes=30)
    await world.post(adviser, path, a_booking(calendar, kind, await world.person(), half_past))
    wanted = {"starts_at": WEDNESDAY.isoformat(), "needs": {"interpreter": True}}
    answer = await world.send(adviser, "POST", f"{path}/{receipt['id']}/move", wanted, if_match=receipt["version"])
    assert refusal(answer) == "slot-taken"
    assert [one["interpreter"] for one in await week_of(world, calendar)] == [False, False]


async def test_an_appointment_moves_to_a_colleague_where_its_kind_is_offered(world: World) -> None:
    left, taken = await world.calendar(), await world.calendar(label="Conseiller 2")
    room = await world.calendar(kind="room", label="Salle Garonne")
    kind = await world.kind()
    adviser = world.agent()
    path = f"{AGENT}/appointments"
    receipt = await world.post(adviser, path, a_booking(left, kind, await world.person(), WEDNESDAY))
    to = {"starts_at": WEDNESDAY.isoformat()}
    move = f"{path}/{receipt['id']}/move"
    wrong = await world.send(adviser, "POST", move, to | {"calendar_id": room}, if_match=receipt["version"])
    assert refusal(wrong) == "invalid"
    moved = await world.post(adviser, move, to | {"calendar_id": taken}, if_match=receipt["version"])
    assert [one["id"] for one in await week_of(world, taken)] == [moved["id"]]
    assert await week_of(world, left) == []


async def test_a_let_room_moves_to_another_room_with_its_contract(world: World) -> None:
    left = await world.calendar(kind="room", label="Salle Garonne")
    taken = await world.calendar(kind="room", label="Salle Ariège")
    van = await world.calendar(kind="equipment", label="Véhicule")
    adviser = world.agent()
    let = {"organisation": "Association Le Fil", "contract_reference": "2026-014", "amount_cents": 12000}
    body = {
        "calendar_id": left,
        "starts_at": WEDNESDAY.isoformat(),
        "minutes": 120,
        "activity": "rental",
        "rental": let,
    }
    receipt = await world.post(adviser, f"{AGENT}/resource-bookings", body | {"rental": let})
    path, version = f"{AGENT}/appointments/{receipt['id']}/move", receipt["version"]
    to = {"starts_at": local(26, 9, 30).isoformat()}
    for wrong in ({"calendar_id": van}, {"needs": {"interpreter": True}}):
        assert refusal(await world.send(adviser, "POST", path, to | wrong, if_match=version)) == "invalid"
    await world.post(adviser, path, to | {"calendar_id": taken}, if_match=version)
    [shown] = await week_of(world, taken)
    assert (shown["rental"], shown["ends_at"]) == (let, "2026-03-26T10:30:00Z")


async def test_a_partner_moves_to_another_place_under_the_rules_of_that_place(world: World) -> None:
    """ESP-05: what is booked at the examination centre needs no declaration; a reception point does."""
    centre = await world.reception(kind="ces", label="Centre d'examens", subjects=["c2s", "eps"])
    reception = await world.reception()
    elsewhere = await world.reception(kind="ces", label="Autre centre", subjects=["eps"])
    kind = await world.kind()
    ours = await world.structure()
    sent = a_booking(centre, kind, await world.person(ours), WEDNESDAY)
    receipt = await world.post(ours, f"{PARTNER}/appointments", sent)
    path, to = f"{PARTNER}/appointments/{receipt['id']}/move", {"starts_at": local(26, 9).isoformat()}
    for calendar, field in ((reception, "not_autonomous"), (elsewhere, "subject")):
        answer = await world.send(ours, "POST", path, to | {"calendar_id": calendar}, if_match=receipt["version"])
        assert answer.json()["errors"][0]["field"] == field
    await world.post(ours, path, to, if_match=receipt["version"])


async def test_the_list_says_who_opens_calendars(world: World) -> None:
    assert (await world.get(world.manager, f"{AGENT}/calendars"))["may_manage"] is True
    assert (await world.get(world.agent(), f"{AGENT}/calendars"))["may_manage"] is False


async def test_an_archived_calendar_takes_nothing_more_and_lets_go_of_what_it_holds(world: World) -> None:
    left, taken = await world.calendar(), await world.calendar(label="Conseiller 2")
    kind = await world.kind()
    adviser, manager = world.agent(), world.manager
    path = f"{AGENT}/appointments"
    receipt = await world.post(adviser, path, a_booking(left, kind, await world.person(), WEDNESDAY))
    detail = await world.get(manager, f"{AGENT}/calendars/{left}")
    said = {"kind": "adviser", "label": "Conseillère 1", "active": False}
    archived = await world.send(manager, "PUT", f"{AGENT}/calendars/{left}", said, if_match=detail["version"])
    assert archived.json()["state"] == "closed"
    sent = a_booking(left, kind, await world.person(), local(26, 9))
    assert refusal(await world.send(adviser, "POST", path, sent)) == "slot-closed"
    assert [one["id"] for one in await week_of(world, left)] == [receipt["id"]]
    to = {"starts_at": WEDNESDAY.isoformat(), "calendar_id": taken}
    await world.post(adviser, f"{path}/{receipt['id']}/move", to, if_match=receipt["version"])
    assert await week_of(world, left) == []
