"""Who may no longer act stops being acted for: what partners tells counts at the next step."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from referrals_service.jobs import works
from referrals_service.network import acting
from servicekit.access import Actor, Audience
from servicekit.letters import batches
from servicekit.testing import ServiceUnderTest, an_actor

from .situations import World, ok
from .test_followers import tell
from .test_importing import EXPORTS, WORKS
from .test_letter_batches import WORKS as AGENT_WORKS
from .test_letter_batches import a_batch, several


async def step(service: ServiceUnderTest) -> None:
    """Do the next step of the only work, as the job does."""
    [work] = await service.rows("SELECT caisse, id, turn FROM works")
    running = service.app.state.service
    async with running.database.system_session("works.step", settings=running.settings) as session:
        await works._do_step(session, work["caisse"], work["id"], work["turn"])


async def assignment_of(world: World, actor: Actor) -> UUID:
    table = "agent_assignments" if actor.audience is Audience.AGENT else "partner_assignments"
    [row] = await world.under_test.rows(f"SELECT id FROM {table} WHERE account = %s", actor.sub)
    assignment: UUID = row["id"]
    return assignment


async def lose(world: World, actor: Actor, how: str) -> None:
    """Have partners tell that somebody may no longer act."""
    subject: dict[str, Any]
    match how:
        case "account":
            await tell(world, "account.suspended", account=actor.sub)
        case "structure":
            await tell(world, "structure.closed", structure=actor.structure, payload={"reason": "ceased"})
        case "role":
            subject = {"assignment": await assignment_of(world, actor), "account": actor.sub}
            subject["structure"] = actor.structure
            await tell(world, "assignment.ended", payload={"ended_on": "2026-01-01"}, **subject)


@pytest.mark.parametrize(
    ("how", "why"), [("account", acting.ACCOUNT_SHUT), ("role", acting.ROLE_ENDED)], ids=["account", "role"]
)
async def test_a_batch_stops_where_its_author_lost_the_right(
    world: World, partner: Actor, adviser: Actor, monkeypatch: pytest.MonkeyPatch, how: str, why: str
) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    batch = await a_batch(world, adviser, [receipt["id"] for receipt in await several(world, partner, 5)])
    await step(world.under_test)
    done = len(await world.under_test.rows("SELECT 1 FROM letters"))
    assert 0 < done < 5
    await lose(world, adviser, how)
    await step(world.under_test)
    work = ok(await world.client(adviser).get(f"{AGENT_WORKS}/{batch}"))
    assert (work["state"], work["problem"], work["done"]) == ("revoked", why, done)
    await step(world.under_test)
    assert len(await world.under_test.rows("SELECT 1 FROM letters")) == done


@pytest.mark.parametrize(
    ("how", "why"),
    [("account", acting.ACCOUNT_SHUT), ("structure", acting.STRUCTURE_SHUT), ("role", acting.ROLE_ENDED)],
    ids=["account", "structure", "role"],
)
async def test_an_export_stops_where_its_author_lost_the_right(
    world: World, partner: Actor, how: str, why: str
) -> None:
    await world.filed(partner)
    asked = await world.client(_stepped_up(partner)).post(EXPORTS, {"reason": "Bilan trimestriel de la structure"})
    assert asked.status_code == 201, asked.text
    await lose(world, partner, how)
    await step(world.under_test)
    work = ok(await world.client(partner).get(f"{WORKS}/{asked.json()['id']}"))
    assert (work["state"], work["problem"], work["done"]) == ("revoked", why, 0)
    assert await world.under_test.rows("SELECT 1 FROM work_parts") == []
    journalled = await world.under_test.rows("SELECT 1 FROM journal WHERE action = 'requests.export'")
    assert journalled == []


async def test_who_comes_back_may_act_again(world: World, partner: Actor, adviser: Actor) -> None:
    for actor in (partner, adviser):
        assert await _still(world, actor) is None
        await lose(world, actor, "account")
        assert await _still(world, actor) == acting.ACCOUNT_SHUT
        await tell(world, "account.reactivated", account=actor.sub, payload={"state": "active"})
        assert await _still(world, actor) is None
    assert await _still(world, replace(adviser, unit="toulouse")) == acting.ROLE_ENDED
    assert await _still(world, replace(partner, role="partner_admin")) == acting.ROLE_ENDED


async def test_the_protection_officer_re_reads_who_exported_what_and_why(world: World, partner: Actor) -> None:
    asked = await world.client(_stepped_up(partner)).post(EXPORTS, {"reason": "Bilan trimestriel de la structure"})
    dpo = world.client(an_actor(Audience.OFFICER, "dpo"))
    [line] = ok(await dpo.get("/api/v1/referrals/officer/exports"))["items"]
    assert (line["id"], line["account"], line["structure"]) == (asked.json()["id"], partner.sub, str(partner.structure))
    assert line["reason"] == "Bilan trimestriel de la structure"
    elsewhere = world.client(an_actor(Audience.OFFICER, "dpo", caisse="811"))
    assert ok(await elsewhere.get("/api/v1/referrals/officer/exports"))["items"] == []


def _stepped_up(actor: Actor) -> Actor:
    from servicekit import clock

    return replace(actor, stepup_at=int(clock.system_now().timestamp()))


async def _still(world: World, actor: Actor) -> str | None:
    running = world.under_test.app.state.service
    async with running.database.system_session("works.step", settings=running.settings) as session:
        return await acting.still(session, actor)
