"""Handing a request over: inside the caisse, to the social service's body, to another caisse."""

from typing import Any
from uuid import UUID

import pytest

from referrals_service.requests.schemas_agent import RedirectIn
from referrals_service.requests.transfer import open_transferred
from servicekit.access import Actor, Audience
from servicekit.testing import an_actor

from .situations import AGENT, World, fields, ok, problem


async def run_jobs(world: World, times: int = 1) -> None:
    """Run what was deferred, as the worker would: in the system's own transaction."""
    service = world.under_test.app.state.service
    deferred = await world.under_test.rows("SELECT task_name, args FROM jobs.procrastinate_jobs")
    for _ in range(times):
        for job in deferred:
            assert job["task_name"] == open_transferred.name
            async with service.database.system_session("test", settings=service.settings) as session:
                await open_transferred.work(
                    session, job["args"]["caisse"], UUID(job["args"]["request_id"]), job["args"]["body"]
                )


async def redirected(world: World, partner: Actor, adviser: Actor, person: UUID, **given: Any) -> dict[str, Any]:
    taken = await world.taken(partner, adviser, person)
    return ok(await world.act(adviser, taken, "redirect", given))


async def test_another_service_of_the_caisse_finds_it_in_its_queue(
    world: World, partner: Actor, adviser: Actor
) -> None:
    """ESP-03: a request always waits with a service, which is named."""
    person = await world.person(partner)
    given = {"target": "queue", "body": "gdb", "message": "Les droits sont à rouvrir d'abord."}
    done = await redirected(world, partner, adviser, person, **given)

    assert done["state"] == "redirected"
    problem(await world.client(adviser).get(f"{AGENT}/{done['id']}"), 404, "request-not-found")
    colleague = await world.adviser("agent_gdb", unit=None)
    [waiting] = ok(await world.client(colleague).get(f"{AGENT}?assigned=none"))["items"]
    assert (waiting["id"], waiting["abilities"]["take"], waiting["person"]) == (done["id"], True, None)
    taken = ok(await world.act(colleague, done, "take"))
    assert (taken["state"], (await world.row(done))["first_contact_due_on"] is not None) == ("redirected", True)
    assert (await world.shown(colleague, done))["person"]["display_name"] == "Vanessa KELLER"
    shown = await world.shown(partner, done)
    assert shown["state_label"] == "Réorientée"
    last = shown["timeline"][-1]
    assert (last["event"], last["target"], last["target_body"]) == ("redirect", "queue", "gdb")
    fact = [f for f in await world.facts() if f["type"] == "request.redirected"]
    assert [f["payload"]["queue"] for f in fact] == ["gdb"]


async def test_another_caisse_receives_a_linked_request_once(world: World, partner: Actor, adviser: Actor) -> None:
    person = await world.person(partner)
    done = await redirected(world, partner, adviser, person, target="other_caisse", body="811")
    there = await world.adviser(caisse="811")
    assert ok(await world.client(there).get(AGENT))["items"] == []

    await run_jobs(world, times=2)

    [arrived] = ok(await world.client(there).get(AGENT))["items"]
    assert arrived["number"].startswith("811-")
    assert (arrived["state"], arrived["queue"], arrived["structure_id"]) == ("submitted", "misas", None)
    assert arrived["person_id"] != str(person)
    assert arrived["person"]["display_name"] == "Vanessa KELLER"
    shown = await world.shown(there, arrived)
    assert shown["origin_caisse"] == "311"
    assert shown["form"]["renounced_care"][0]["care_type"] == "dental_prosthesis"
    taken = ok(await world.act(there, arrived, "take"))
    assert (await world.shown(there, taken))["abilities"]["write"] is False
    ok(await world.act(there, taken, "accept", {}))
    submitted = [f for f in await world.facts() if f["type"] == "request.submitted" and f["caisse"] == "811"]
    assert [(f["payload"]["origin_caisse"], f["payload"]["origin"]) for f in submitted] == [("311", done["id"])]
    # Neither caisse sees the other's side of it.
    problem(await world.client(there).get(f"{AGENT}/{done['id']}"), 404, "request-not-found")
    problem(await world.client(adviser).get(f"{AGENT}/{arrived['id']}"), 404, "request-not-found")
    shown = await world.shown(partner, done)
    assert (shown["state"], shown["timeline"][-1]["target_body"]) == ("redirected", "811")


async def test_the_number_travels_sealed_anew(world: World, partner: Actor, adviser: Actor) -> None:
    person = await world.person(partner)
    await redirected(world, partner, adviser, person, target="other_caisse", body="811")
    await run_jobs(world)
    rows = await world.under_test.rows(
        "SELECT caisse, blind_index, content, masked FROM person_numbers ORDER BY caisse"
    )
    assert [row["caisse"] for row in rows] == ["311", "811"]
    assert rows[0]["blind_index"] != rows[1]["blind_index"]
    assert rows[0]["masked"] == rows[1]["masked"]
    there = await world.adviser(caisse="811")
    [arrived] = ok(await world.client(there).get(AGENT))["items"]
    ok(await world.act(there, arrived, "take"))
    stepped_up = an_actor(
        Audience.AGENT,
        there.role,
        caisse="811",
        sub=there.sub,
        unit=there.unit,
        stepup_at=there.auth_time,
    )
    revealed = await world.client(stepped_up).post(
        f"/api/v1/referrals/agent/persons/{arrived['person_id']}/nir/reveal",
        {"reason": "Vérification des droits avant l'appel"},
    )
    assert ok(revealed)["value"].replace(" ", "") == "255081416802538"


async def test_the_social_service_of_the_region_receives_it_to_take(
    world: World, partner: Actor, adviser: Actor
) -> None:
    """MIS-15."""
    person = await world.person(partner)
    done = await redirected(world, partner, adviser, person, target="social_service")
    await run_jobs(world)
    there = await world.adviser("csam", caisse="CARSAT_MIDI_PYRENEES", unit="ss_31")
    [arrived] = ok(await world.client(there).get(f"{AGENT}?assigned=none"))["items"]
    number = (await world.row(done))["number"]
    assert (arrived["number"], arrived["state"], arrived["queue"]) == (number, "redirected", "ss")
    assert arrived["person"]["display_name"] == "Vanessa KELLER"
    taken = ok(await world.act(there, arrived, "take"))
    assert taken["state"] == "redirected"


@pytest.mark.parametrize(
    "given",
    [
        {"target": "other_caisse"},
        {"target": "other_caisse", "body": "311"},
        {"target": "other_caisse", "body": "999"},
        {"target": "other_caisse", "body": "CARSAT_MIDI_PYRENEES"},
        {"target": "queue"},
        {"target": "queue", "body": "misas"},
        {"target": "lup", "body": "gdb"},
        {"target": "social_service", "body": "811"},
    ],
)
async def test_a_place_that_is_none_is_refused(
    world: World, partner: Actor, adviser: Actor, given: dict[str, Any]
) -> None:
    RedirectIn.model_validate(given)
    taken = await world.taken(partner, adviser)
    assert fields(problem(await world.act(adviser, taken, "redirect", given), 422, "invalid")) == {"body": None}
    assert await world.under_test.rows("SELECT 1 FROM jobs.procrastinate_jobs") == []


async def test_a_redirection_undone_by_an_error_opens_nothing(world: World, partner: Actor, adviser: Actor) -> None:
    taken = await world.taken(partner, adviser)
    given = {"target": "other_caisse", "body": "811"}
    problem(await world.act(adviser, taken, "redirect", given, if_match=1), 412, "stale-version")
    assert await world.under_test.rows("SELECT 1 FROM jobs.procrastinate_jobs") == []
