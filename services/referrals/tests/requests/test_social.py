"""Reports to the social service: they reach the body that carries it, and three words come back."""

from typing import Any

import pytest

from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import RequestKind
from servicekit.access import Actor

from .kinds import a_form_of
from .situations import AGENT, World, ok, problem

SOCIAL = RequestKind.SS_REFERRAL


@pytest.fixture
async def worker(world: World) -> Actor:
    """Return a CSAM of the regional social service of Haute-Garonne."""
    body = calendar_of("311").social_service
    assert body is not None
    return await world.adviser("csam", caisse=body, unit=None)


async def arrived(world: World, worker: Actor) -> dict[str, Any]:
    [there] = ok(await world.client(worker).get(AGENT))["items"]
    return ok(await world.act(worker, there, "take"))


async def test_the_sender_sees_received_taken_on_ended_and_nothing_else(
    world: World, partner: Actor, worker: Actor
) -> None:
    """SS-11, ESP-09: the service calls back; nothing of the situation returns."""
    sent = await world.sent(partner, a_form_of(SOCIAL, note="Seule avec deux enfants."))
    await world.run_jobs()
    there = await arrived(world, worker)
    form = (await world.shown(worker, there))["form"]
    assert (form["motives"], form["note"]) == (["difficultes_financieres"], "Seule avec deux enfants.")
    await world.run_jobs()
    assert (await world.shown(partner, sent))["state_label"] == "Reçue"

    taken_on = ok(await world.act(worker, there, "take-on"))
    await world.run_jobs()
    assert (await world.shown(partner, sent))["state_label"] == "Prise en charge"
    ok(await world.act(worker, taken_on, "end"))
    await world.run_jobs()
    await world.run_jobs()
    seen = await world.shown(partner, sent)
    assert seen["state_label"] == "Terminée"
    assert [e["event"] for e in seen["timeline"]] == ["submit", "take_on", "end"]
    assert {e["message"] for e in seen["timeline"]} == {None}
    problem(
        await world.client(partner).post(f"/api/v1/referrals/partner/requests/{sent['id']}/messages", {"text": "?"}),
        409,
        "transition-refused",
    )


async def test_a_report_that_is_not_taken_on_ends_without_a_word(world: World, partner: Actor, worker: Actor) -> None:
    sent = await world.sent(partner, a_form_of(SOCIAL))
    await world.run_jobs()
    ok(await world.act(worker, await arrived(world, worker), "end"))
    await world.run_jobs()
    seen = await world.shown(partner, sent)
    assert (seen["state_label"], seen["timeline"][-1]["reason_label"]) == ("Terminée", None)


async def test_what_its_sender_takes_back_stops_there_too(world: World, partner: Actor, worker: Actor) -> None:
    sent = await world.sent(partner, a_form_of(SOCIAL))
    await world.run_jobs()
    there = await arrived(world, worker)
    ok(await world.act(partner, sent, "withdraw", {"reason": "person_declines"}))
    await world.run_jobs()
    assert (await world.row(there))["state"] == "withdrawn"
    problem(await world.act(worker, there, "take-on"), 409, "transition-refused")


async def test_only_the_social_service_moves_a_report(world: World, partner: Actor) -> None:
    sent = await world.sent(partner, a_form_of(SOCIAL))
    for role in ("agent_gdb", "conseiller_misas", "agent_lup"):
        agent = await world.adviser(role, unit=None)
        assert (await world.act(agent, sent, "take")).status_code == 404
        assert (await world.act(agent, sent, "take-on")).status_code in {403, 404}
