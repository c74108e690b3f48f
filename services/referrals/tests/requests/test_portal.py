"""The common frame of the portal: taken, completed, answered, read, reopened, handed on, entered in error."""

from datetime import UTC, datetime
from typing import Any

import pytest

from referrals_service.requests.codes import OUTCOMES, RequestKind
from servicekit import clock
from servicekit.access import Actor

from .kinds import a_form_of
from .situations import AGENT, PARTNER, World, fields, ok, problem

PORTAL = [
    (RequestKind.SEND_FILE, "agent_gdb"),
    (RequestKind.FOLLOW_UP, "agent_gdb"),
    (RequestKind.APPOINTMENT, "accueil"),
    (RequestKind.DOCUMENT, "agent_gdb"),
    (RequestKind.CONTACT, "accueil"),
]


def at(day: str, hour: int = 9) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02d}:00:00").replace(tzinfo=UTC)


async def of_kind(world: World, partner: Actor, agent: Actor, kind: RequestKind, **changed: Any) -> dict[str, Any]:
    """Return the receipt of a request that `agent` took."""
    return ok(await world.act(agent, await world.sent(partner, a_form_of(kind, **changed)), "take"))


@pytest.mark.parametrize(("kind", "role"), PORTAL)
async def test_every_kind_is_filed_taken_answered_and_read(
    world: World, partner: Actor, kind: RequestKind, role: str
) -> None:
    """ESP-02, ESP-03: each waits with a service, and its answer comes back."""
    agent = await world.adviser(role, unit=None)
    sent = await world.sent(partner, a_form_of(kind))
    assert (sent["state"], sent["warnings"]) == ("received", [])
    taken = ok(await world.act(agent, sent, "take"))
    shown = await world.shown(agent, taken)
    assert (shown["kind"], shown["form"]["kind"], shown["state"]) == (kind, kind, "in_progress")
    outcome = sorted(OUTCOMES[kind])[0]
    answered = ok(await world.act(agent, taken, "answer", {"outcome": outcome, "message": "Voici la réponse."}))
    seen = await world.shown(partner, answered)
    assert (seen["state"], seen["turn"], seen["unread"]) == ("answered", "nobody", 1)
    last = seen["timeline"][-1]
    assert (last["event"], last["outcome"], last["message"]) == ("answer", outcome, "Voici la réponse.")
    assert last["reason_label"]
    assert last["actor"] is None
    closed = ok(await world.act(partner, seen, "close"))
    assert closed["state"] == "closed"
    told = [f["type"] for f in await world.facts()]
    assert told == ["request.submitted", "request.taken", "request.answered", "request.closed"]


async def test_another_kinds_form_is_not_taken_for_it(world: World, partner: Actor) -> None:
    person = await world.person(partner)
    body = {"kind": "document", "person_id": str(person)}
    draft = ok(await world.client(partner).post(PARTNER, body), 201)
    path = f"{PARTNER}/{draft['id']}/form"
    refused = await world.client(partner).put(path, a_form_of(RequestKind.CONTACT), if_match=1)
    assert fields(problem(refused, 422, "invalid")) == {"kind": None}
    saved = ok(await world.client(partner).put(path, a_form_of(RequestKind.DOCUMENT), if_match=1))
    sent = ok(await world.act(partner, saved, "submit"))
    row = await world.row(sent)
    assert (row["kind"], row["topic"], row["queue"]) == ("document", "attestation_droits", "gdb")


async def test_the_same_step_is_not_asked_for_twice_but_another_one_is(world: World, partner: Actor) -> None:
    """ESP-13: unique by person and step; two files of one person are two steps."""
    person = await world.person(partner)
    first = await world.sent(partner, a_form_of(RequestKind.SEND_FILE), person)
    again = await world.file(partner, person, form=a_form_of(RequestKind.SEND_FILE))
    refusal = problem(again, 409, "already-open")
    assert (refusal["rule"], refusal["existing"]["number"]) == ("ESP-13", first["number"])
    await world.sent(partner, a_form_of(RequestKind.SEND_FILE, file_type="affiliation"), person)
    await world.sent(partner, a_form_of(RequestKind.FOLLOW_UP, about=first["id"]), person)


async def test_a_follow_up_names_only_a_request_of_the_structure_for_that_person(world: World, partner: Actor) -> None:
    other = await world.structure()
    theirs = await world.sent(other, a_form_of(RequestKind.CONTACT))
    own = await world.sent(partner, a_form_of(RequestKind.CONTACT))
    for about in (theirs["id"], own["id"]):
        refused = await world.file(partner, form=a_form_of(RequestKind.FOLLOW_UP, about=about))
        assert fields(problem(refused, 422, "invalid")) == {"about": "ESP-02"}


async def test_the_clock_stands_still_while_the_sender_completes(world: World, partner: Actor) -> None:
    """Ten working days; asked on the second, completed five working days later: five days more."""
    agent = await world.adviser("agent_gdb", unit=None)
    with clock.travel(at("2026-03-02")):
        taken = await of_kind(world, partner, agent, RequestKind.SEND_FILE)
        assert (await world.row(taken))["due_on"].isoformat() == "2026-03-16"
    with clock.travel(at("2026-03-04")):
        asked = ok(
            await world.act(
                agent, taken, "ask", {"items": ["resources"], "until_on": "2026-03-20", "message": "Douze mois."}
            )
        )
        shown = await world.shown(partner, asked)
        assert (shown["state"], shown["turn"], shown["lapses_on"]) == ("waiting_partner", "partner", "2026-03-20")
        assert shown["working_days_left"] is None
        last = shown["timeline"][-1]
        assert (last["items"], last["until_on"], last["message"]) == (["resources"], "2026-03-20", "Douze mois.")
    with clock.travel(at("2026-03-11")):
        completed = ok(await world.act(partner, shown, "complete", {"message": "Les voici."}))
    row = await world.row(completed)
    assert (row["state"], row["due_on"].isoformat(), row["paused_days"]) == ("in_progress", "2026-03-23", 5)
    assert (row["paused_on"], row["lapses_on"], row["unread_by_caisse"]) == (None, None, 1)
    with clock.travel(at("2026-03-16")):
        reply = {"outcome": "complete", "message": "Dossier transmis."}
        answered = ok(await world.act(agent, {"id": taken["id"], "version": row["version"]}, "answer", reply))
    # Ten working days since it was sent, of which five were the sender's.
    assert (await world.row(answered))["decision_days"] == 5
    kinds = [f["type"] for f in await world.facts()][2:]
    assert kinds == ["request.completion_asked", "request.completed", "request.answered"]


async def test_what_is_missing_is_named_and_asked_for_a_day_to_come(world: World, partner: Actor) -> None:
    agent = await world.adviser("agent_gdb", unit=None)
    taken = await of_kind(world, partner, agent, RequestKind.SEND_FILE)
    assert fields(problem(await world.act(agent, taken, "ask", {}), 422, "invalid")) == {"items": None}
    yesterday = {"items": ["form"], "until_on": "2020-01-01"}
    assert fields(problem(await world.act(agent, taken, "ask", yesterday), 422, "invalid")) == {"until_on": None}
    problem(await world.act(partner, taken, "complete", {}), 409, "transition-refused")
    problem(
        await world.act(await world.adviser("agent_gdb"), taken, "ask", {"items": ["form"]}), 404, "request-not-found"
    )


async def test_a_rejected_request_says_why_and_where_to_go(world: World, partner: Actor) -> None:
    agent = await world.adviser("agent_gdb", unit=None)
    taken = await of_kind(world, partner, agent, RequestKind.DOCUMENT)
    nowhere = await world.act(agent, taken, "reject", {"reason": "wrong_motive"})
    assert fields(problem(nowhere, 422, "invalid")) == {"orientation": None}
    given = {"reason": "not_insured_here", "orientation": "caf", "message": "Elle relève de la CAF."}
    rejected = ok(await world.act(agent, taken, "reject", given))
    last = (await world.shown(partner, rejected))["timeline"][-1]
    assert (last["state"], last["orientation"], last["message"]) == ("not_taken_on", "caf", "Elle relève de la CAF.")
    assert last["reason_label"] == "La personne relève d'un autre régime ou organisme."


async def test_an_answer_is_one_of_the_kinds_own(world: World, partner: Actor) -> None:
    agent = await world.adviser("agent_gdb", unit=None)
    taken = await of_kind(world, partner, agent, RequestKind.DOCUMENT)
    refused = await world.act(agent, taken, "answer", {"outcome": "paid", "message": "x"})
    assert fields(problem(refused, 422, "invalid")) == {"outcome": None}


async def test_an_answered_request_is_reopened_within_the_delay_and_waits_for_whoever_is_free(
    world: World, partner: Actor
) -> None:
    agent = await world.adviser("agent_gdb", unit=None)
    with clock.travel(at("2026-03-02")):
        taken = await of_kind(world, partner, agent, RequestKind.DOCUMENT)
        reply = {"outcome": "delivered", "message": "Envoyée."}
        answered = ok(await world.act(agent, taken, "answer", reply))
    with clock.travel(at("2026-03-12")):
        reopened = ok(await world.act(partner, answered, "reopen", {"message": "Elle n'est pas arrivée."}))
        row = await world.row(reopened)
        assert (row["state"], row["assigned_to"], row["due_on"].isoformat()) == ("in_progress", None, "2026-03-26")
        assert (row["decided_at"], row["decision_days"], row["lapses_on"]) == (None, None, None)
        colleague = await world.adviser("agent_gdb", unit=None)
        again = ok(await world.act(colleague, {"id": row["id"], "version": row["version"]}, "take"))
        closed = ok(await world.act(colleague, again, "answer", reply))
    with clock.travel(at("2026-06-11")):
        late = await world.act(partner, closed, "reopen", {"message": "Toujours pas."})
        problem(late, 409, "reopening-too-late")


async def test_a_reopened_step_is_not_a_second_one(world: World, partner: Actor) -> None:
    """ESP-13."""
    agent = await world.adviser("agent_gdb", unit=None)
    person = await world.person(partner)
    sent = await world.sent(partner, a_form_of(RequestKind.DOCUMENT), person)
    taken = ok(await world.act(agent, sent, "take"))
    answered = ok(await world.act(agent, taken, "answer", {"outcome": "delivered", "message": "Envoyée."}))
    await world.sent(partner, a_form_of(RequestKind.DOCUMENT), person)
    problem(await world.act(partner, answered, "reopen", {"message": "Perdue."}), 409, "already-open")


async def test_another_queue_goes_on_with_the_clock_kept(world: World, partner: Actor) -> None:
    agent = await world.adviser("agent_gdb", unit=None)
    with clock.travel(at("2026-03-02")):
        taken = await of_kind(world, partner, agent, RequestKind.SEND_FILE)
        due_on = (await world.row(taken))["due_on"]
    with clock.travel(at("2026-03-09")):
        moved = ok(await world.act(agent, taken, "redirect", {"target": "queue", "body": "accueil", "message": "Vu."}))
        row = await world.row(moved)
        assert (row["state"], row["queue"], row["due_on"], row["assigned_to"]) == ("submitted", "accueil", due_on, None)
        problem(await world.client(agent).get(f"{AGENT}/{moved['id']}"), 404, "request-not-found")
        seen = await world.shown(partner, moved)
        last = seen["timeline"][-1]
        assert (seen["state"], last["event"], last["target_body"]) == ("received", "redirect", "accueil")
        reception = await world.adviser("accueil", unit=None)
        assert ok(await world.act(reception, moved, "take"))["state"] == "in_progress"


async def test_another_caisse_receives_it_with_its_form_and_its_clock(world: World, partner: Actor) -> None:
    agent = await world.adviser("agent_gdb", unit=None)
    taken = await of_kind(world, partner, agent, RequestKind.SEND_FILE, file_type="affiliation")
    moved = ok(await world.act(agent, taken, "redirect", {"target": "other_caisse", "body": "811"}))
    due_on = (await world.row(moved))["due_on"].isoformat()
    await world.run_jobs()
    there = await world.adviser("agent_gdb", caisse="811", unit=None)
    [arrived] = ok(await world.client(there).get(AGENT))["items"]
    assert (arrived["kind"], arrived["topic"], arrived["due_on"]) == ("send_file", "affiliation", due_on)
    held = ok(await world.act(there, arrived, "take"))
    assert (await world.shown(there, held))["form"]["file_type"] == "affiliation"
    seen = await world.shown(partner, moved)
    assert (seen["state"], seen["timeline"][-1]["target_body"]) == ("redirected", "811")


async def test_a_request_entered_in_error_is_kept_and_nobody_acts_on_it(world: World, partner: Actor) -> None:
    agent = await world.adviser("agent_gdb", unit=None)
    sent = await world.sent(partner, a_form_of(RequestKind.SEND_FILE))
    voided = ok(await world.act(partner, sent, "void", {"message": "Mauvaise personne."}))
    assert voided["state"] == "entered_in_error"
    assert ok(await world.client(agent).get(AGENT))["items"] == []
    for verb in ("withdraw", "reopen", "complete"):
        body = {"message": "x"} | ({"reason": "mistake"} if verb == "withdraw" else {})
        problem(await world.act(partner, voided, verb, body), 409, "transition-refused")
    assert [f["type"] for f in await world.facts()][-1] == "request.voided"


async def test_a_request_that_was_left_comes_back_to_its_queue_in_every_state(world: World, partner: Actor) -> None:
    agent = await world.adviser("agent_gdb", unit=None)
    taken = await of_kind(world, partner, agent, RequestKind.SEND_FILE)
    manager = await world.adviser("agent_gdb", unit=None)
    problem(await world.act(manager, taken, "assign", {"account_id": manager.sub}), 404, "request-not-found")
    given = ok(await world.act(agent, taken, "assign", {"account_id": manager.sub}))
    assert (await world.row(given))["assigned_to"] == manager.account_id
