"""The urgency line: who reaches it, what it re-checks, and what is not urgent goes on as it is."""

from datetime import UTC, datetime

import pytest

from referrals_service.requests.codes import RequestKind
from servicekit import clock
from servicekit.access import Actor

from .kinds import a_form_of
from .situations import PARTNER, World, fields, ok, problem

URGENT = RequestKind.URGENT


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=UTC)


@pytest.fixture
async def trained(world: World, partner: Actor) -> Actor:
    await world.train(partner, right="lup", until_on="2027-03-12")
    return partner


async def test_only_who_is_trained_that_day_reaches_the_line(world: World, partner: Actor) -> None:
    """LUP-01: a hard block, the day after the training expires as well."""
    refused = problem(await world.file(partner, form=a_form_of(URGENT)), 409, "urgent-line-closed")
    assert refused["rule"] == "LUP-01"
    await world.train(partner, right="lup", until_on="2026-03-12")
    with clock.travel(at("2026-03-12")):
        sent = await world.sent(partner, a_form_of(URGENT))
        row = await world.row(sent)
        # LUP-06: four working days.
        assert (row["queue"], row["urgent"], row["due_on"].isoformat()) == ("lup", True, "2026-03-18")
    with clock.travel(at("2026-03-13")):
        problem(await world.file(partner, form=a_form_of(URGENT)), 409, "urgent-line-closed")


async def test_the_training_may_be_one_persons(world: World, partner: Actor) -> None:
    await world.train(partner, right="lup", account=partner.account_id)
    ok(await world.file(partner, form=a_form_of(URGENT)), 201)


async def test_before_its_portal_opens_a_trained_structure_reaches_this_door_only(world: World) -> None:
    """LUP-07."""
    early = await world.structure(opened_on=None)
    with_another = await world.structure()
    person = await world.person(with_another)
    problem(await world.file(early, person, form=a_form_of(URGENT)), 403, "portal-closed")
    await world.train(early, right="lup")
    own = await world.person(early)
    ok(await world.file(early, own, form=a_form_of(URGENT)), 201)
    problem(await world.file(early, own, form=a_form_of(RequestKind.CONTACT)), 403, "portal-closed")


async def test_where_the_line_has_ended_the_urgency_is_said_on_the_ordinary_request(
    world: World, trained: Actor
) -> None:
    """LUP-07: a channel flag, with an end date per caisse."""
    flagged = a_form_of(RequestKind.SEND_FILE, urgent=True)
    open_line = await world.file(trained, form=flagged)
    assert fields(problem(open_line, 422, "invalid")) == {"urgent": "LUP-07"}
    await world.setting("311", "lup_ends_on", '"2026-03-31"')
    with clock.travel(at("2026-03-31")):
        await world.sent(trained, a_form_of(URGENT))
    with clock.travel(at("2026-04-01")):
        ended = problem(await world.file(trained, form=a_form_of(URGENT)), 409, "urgent-line-closed")
        assert ended["rule"] == "LUP-07"
        row = await world.row(await world.sent(trained, a_form_of(RequestKind.SEND_FILE, urgent=True)))
        assert (row["queue"], row["urgent"], row["due_on"].isoformat()) == ("gdb", True, "2026-04-08")
        untrained = await world.structure()
        answer = await world.file(untrained, form=a_form_of(RequestKind.SEND_FILE, urgent=True))
        assert fields(problem(answer, 422, "invalid")) == {"urgent": "LUP-01"}


async def test_an_urgent_request_is_qualified_then_settled(world: World, trained: Actor) -> None:
    agent = await world.adviser("agent_lup", unit=None)
    sent = await world.sent(trained, a_form_of(URGENT))
    taken = ok(await world.act(agent, sent, "take"))
    assert taken["state"] == "qualification"
    problem(await world.act(agent, taken, "answer", {"outcome": "paid", "message": "x"}), 409, "transition-refused")
    urgent = ok(await world.act(agent, taken, "qualify"))
    settled = ok(await world.act(agent, urgent, "answer", {"outcome": "right_opened", "message": "C2S ouverte."}))
    seen = await world.shown(trained, settled)
    assert (seen["state"], seen["timeline"][-1]["outcome"]) == ("answered", "right_opened")


async def test_what_is_not_urgent_goes_on_as_an_ordinary_request_nothing_retyped(world: World, trained: Actor) -> None:
    """LUP-02: same number, same documents, its delay counted from the day it was sent."""
    agent = await world.adviser("agent_lup", unit=None)
    with clock.travel(at("2026-03-02")):
        sent = await world.sent(trained, a_form_of(URGENT, note="Hébergée chez un tiers."))
        taken = ok(await world.act(agent, sent, "take"))
    with clock.travel(at("2026-03-04")):
        given = {"message": "Le rendez-vous est dans deux mois."}
        ordinary = ok(await world.act(agent, taken, "make-ordinary", given))
        row = await world.row(ordinary)
        assert (row["kind"], row["topic"], row["queue"], row["state"]) == ("send_file", "c2s", "gdb", "submitted")
        assert (row["number"], row["urgent"], row["assigned_to"]) == (sent["number"], False, None)
        assert row["due_on"].isoformat() == "2026-03-16"
        seen = await world.shown(trained, ordinary)
        assert [e["event"] for e in seen["timeline"]] == ["submit", "take", "make_ordinary"]
        assert seen["form"]["note"] == "Hébergée chez un tiers."
        colleague = await world.adviser("agent_gdb", unit=None)
        held = ok(await world.act(colleague, ordinary, "take"))
        assert (await world.shown(colleague, held))["form"]["file_type"] == "c2s"
    [fact] = [f for f in await world.facts() if f["type"] == "request.made_ordinary"]
    assert fact["payload"] == {"kind": "send_file", "topic": "c2s", "queue": "gdb", "due_on": "2026-03-16"}


async def test_it_does_not_become_a_second_one_of_the_same_step(world: World, trained: Actor) -> None:
    """ESP-13."""
    agent = await world.adviser("agent_lup", unit=None)
    person = await world.person(trained)
    await world.sent(trained, a_form_of(RequestKind.SEND_FILE), person)
    taken = ok(await world.act(agent, await world.sent(trained, a_form_of(URGENT), person), "take"))
    problem(await world.act(agent, taken, "make-ordinary", {}), 409, "already-open")
    assert (await world.row(taken))["kind"] == "urgent"
    ok(await world.act(agent, taken, "reject", {"reason": "duplicate"}))


async def test_a_draft_that_is_not_urgent_is_sent_as_an_ordinary_one(world: World, trained: Actor) -> None:
    """LUP-02, before sending: the machine says from when it is urgent, the sender need not wait."""
    person = await world.person(trained)
    draft = ok(await world.client(trained).post(PARTNER, {"kind": "urgent", "person_id": str(person)}), 201)
    early = a_form_of(
        URGENT, urgent_type="ij", leave_started_on=clock.system_now().date().isoformat(), allowance_paid=False
    )
    saved = ok(await world.client(trained).put(f"{PARTNER}/{draft['id']}/form", early, if_match=1))
    assert fields(problem(await world.act(trained, saved, "submit"), 422, "invalid")) == {"leave_started_on": "LUP-04"}
    ordinary = ok(await world.act(trained, saved, "make-ordinary"))
    sent = ok(await world.act(trained, ordinary, "submit"))
    row = await world.row(sent)
    assert (row["kind"], row["urgent"], row["queue"]) == ("contact", False, "accueil")
