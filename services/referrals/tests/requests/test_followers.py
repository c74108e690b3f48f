"""What referrals learns from partners: whether a portal is open, who is trained, who works where."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from referrals_service.network import followers
from servicekit import clock
from servicekit.access import Actor
from servicekit.db import new_id
from servicekit.facts import Published

from .situations import AGENT, World, ok, problem


async def tell(world: World, kind: str, caisse: str = "311", *, payload: Any = None, **subject: Any) -> None:
    """Apply a fact of partners as the follower does: read through the handler's own model, system's session."""
    follower = followers.partners()
    fact = follower.models[kind].model_validate(
        {
            "id": new_id(),
            "at": clock.now(),
            "type": kind,
            "version": 1,
            "caisse": caisse,
            "subject": subject,
            "payload": payload or {},
        }
    )
    assert isinstance(fact, Published)
    async with world.under_test.app.state.service.database.system_session("facts.follow") as session:
        await follower._handlers[kind](session, fact)


async def test_a_structure_is_followed_from_its_registration_to_its_closing(world: World) -> None:
    structure = uuid4()
    registered = {"kind": "ccas", "department": "31", "state": "registration_requested", "nir_allowed": False}

    async def known() -> tuple[Any, ...]:
        [row] = await world.under_test.rows("SELECT * FROM partner_structures")
        return row["state"], str(row["portal_opened_on"]), row["nir_allowed"]

    await tell(world, "structure.registered", structure=structure, payload=registered)
    assert await known() == ("registration_requested", "None", False)
    await tell(world, "structure.approved", structure=structure)
    assert (await known())[0] == "approved"
    await tell(world, "structure.activated", structure=structure, payload={"portal_opened_on": "2026-01-05"})
    assert await known() == ("active", "2026-01-05", False)
    await tell(world, "structure.nir_rule_changed", structure=structure, payload={"nir_allowed": True})
    await tell(world, "structure.suspended", structure=structure, payload={"reason": "misuse"})
    assert await known() == ("suspended", "2026-01-05", True)
    await tell(world, "structure.reactivated", structure=structure)
    assert (await known())[0] == "active"
    await tell(world, "structure.closed", structure=structure, payload={"reason": "ceased"})
    assert (await known())[0] == "closed"


async def test_replaying_from_the_first_fact_gives_the_same(world: World) -> None:
    structure, right, assignment, account = uuid4(), uuid4(), uuid4(), uuid4()
    registered = {"kind": "ccas", "department": "31", "state": "approved", "nir_allowed": True}
    gained = {"right": "misas_detector", "from_on": "2026-01-01", "until_on": None}
    granted = {
        "role": "conseiller_misas",
        "audience": "agent",
        "unit": "misas",
        "from_on": "2026-01-01",
        "until_on": None,
    }

    async def story() -> None:
        await tell(world, "structure.registered", structure=structure, payload=registered)
        await tell(world, "structure.activated", structure=structure, payload={"portal_opened_on": "2026-01-05"})
        await tell(world, "right.granted", right=right, structure=structure, account=None, payload=gained)
        await tell(
            world, "right.ended", right=right, structure=structure, account=None, payload={"ended_on": "2026-02-01"}
        )
        await tell(world, "assignment.granted", assignment=assignment, account=account, payload=granted)

    async def kept() -> list[Any]:
        tables = ("partner_structures", "partner_rights", "agent_assignments")
        return [await world.under_test.rows(f"SELECT * FROM {table}") for table in tables]

    await story()
    once = await kept()
    assert all(len(rows) == 1 for rows in once)
    await story()
    assert await kept() == once
    async with world.under_test.app.state.service.database.system_session("facts.follow") as session:
        await followers.forget(session)
    assert await kept() == [[], [], []]
    await story()
    assert await kept() == once


async def test_roles_of_partners_are_kept_apart(world: World) -> None:
    granted = {"role": "partner_user", "audience": "partner", "unit": None, "from_on": "2026-01-01", "until_on": None}
    held: Any = {"assignment": uuid4(), "account": uuid4(), "structure": uuid4()}
    await tell(world, "assignment.granted", payload=granted, **held)
    assert await world.under_test.rows("SELECT 1 FROM agent_assignments") == []
    [kept] = await world.under_test.rows("SELECT account, structure_id, ended_on FROM partner_assignments")
    assert kept == {"account": held["account"], "structure_id": held["structure"], "ended_on": None}


async def test_a_suspension_closes_the_portal_at_once(world: World, partner: Actor) -> None:
    person = await world.person(partner)
    await tell(world, "structure.suspended", structure=partner.structure, payload={"reason": "misuse"})
    problem(await world.file(partner, person), 403, "portal-closed")
    await tell(world, "structure.reactivated", structure=partner.structure)
    ok(await world.file(partner, person), 201)


async def test_another_role_keeps_only_what_it_works_on(world: World, partner: Actor, adviser: Actor) -> None:
    """An adviser who stays in the caisse as a detector has no queue any more; one who also manages it has."""
    manager = await world.adviser()
    for other, role in ((adviser, "detecteur_interne"), (manager, "responsable_unite")):
        granted = {"role": role, "audience": "agent", "unit": None, "from_on": "2026-01-01", "until_on": None}
        await tell(world, "assignment.granted", assignment=uuid4(), account=other.account_id, payload=granted)
    left = await world.taken(partner, adviser)
    kept = await world.taken(partner, manager, await world.person(partner, "Durand"))

    await end_of(world, adviser)
    await end_of(world, manager)

    assert (await world.row(left))["assigned_to"] is None
    assert (await world.row(kept))["assigned_to"] == manager.account_id


async def test_an_end_read_again_leaves_what_was_given_since(world: World, partner: Actor, adviser: Actor) -> None:
    with clock.travel(clock.now() - timedelta(days=1)):
        await end_of(world, adviser)
        ended = clock.now()
    granted = {
        "role": adviser.role,
        "audience": "agent",
        "unit": adviser.unit,
        "from_on": "2026-01-01",
        "until_on": None,
    }
    await tell(world, "assignment.granted", assignment=uuid4(), account=adviser.account_id, payload=granted)
    taken = await world.taken(partner, adviser)

    async with world.under_test.app.state.service.database.system_session("facts.follow") as session:
        await followers.forget(session)
    former = uuid4()
    await tell(world, "assignment.granted", assignment=former, account=adviser.account_id, payload=granted)
    with clock.travel(ended):
        payload = {"role": adviser.role, "unit": adviser.unit, "ended_on": "2026-01-01"}
        await tell(world, "assignment.ended", assignment=former, account=adviser.account_id, payload=payload)

    assert (await world.row(taken))["assigned_to"] == adviser.account_id


async def end_of(world: World, actor: Actor) -> None:
    [row] = await world.under_test.rows(
        "SELECT id FROM agent_assignments WHERE account = %s AND role = 'conseiller_misas'", actor.account_id
    )
    await tell(
        world,
        "assignment.ended",
        actor.caisse,
        assignment=row["id"],
        account=actor.account_id,
        payload={"role": actor.role, "unit": actor.unit, "ended_on": "2026-01-01"},
    )


async def test_what_somebody_who_leaves_had_in_charge_waits_for_another(
    world: World, partner: Actor, adviser: Actor
) -> None:
    taken = await world.taken(partner, adviser)
    answered = await world.taken(partner, adviser, await world.person(partner, "Durand"))
    ok(await world.act(adviser, answered, "accept", {}))
    due_on = (await world.row(taken))["first_contact_due_on"]

    await end_of(world, adviser)

    row = await world.row(taken)
    assert (row["state"], row["assigned_to"], row["first_contact_due_on"]) == ("relevance_review", None, due_on)
    assert (await world.row(answered))["assigned_to"] == adviser.account_id
    grants = await world.under_test.rows(
        "SELECT holder FROM person_grants WHERE origin_id = %s AND revoked_at IS NULL", UUID(taken["id"])
    )
    assert [g["holder"] for g in grants] == ["misas"]
    assert [f["type"] for f in await world.facts()][-1] == "request.released"
    colleague = await world.adviser()
    [waiting] = ok(await world.client(colleague).get(f"{AGENT}?assigned=none"))["items"]
    assert waiting["id"] == taken["id"]
    again = ok(await world.act(colleague, waiting, "take"))
    assert (await world.row(again))["first_contact_due_on"] == due_on
    shown = await world.shown(partner, taken)
    assert [e["event"] for e in shown["timeline"]] == ["submit", "take"]
    inside = await world.shown(colleague, taken)
    assert [e["event"] for e in inside["timeline"]] == ["submit", "take", "release", "take"]


async def test_somebody_with_another_role_in_the_caisse_keeps_the_work(
    world: World, partner: Actor, adviser: Actor
) -> None:
    taken = await world.taken(partner, adviser)
    await world.under_test.rows(
        "INSERT INTO agent_assignments (caisse, id, account, role, unit, from_on) "
        "VALUES ('311', %s, %s, 'coordinateur', 'misas', '2024-01-01')",
        uuid4(),
        adviser.account_id,
    )
    [role] = await world.under_test.rows("SELECT id FROM agent_assignments WHERE role = 'conseiller_misas'")
    await tell(
        world,
        "assignment.ended",
        assignment=role["id"],
        account=adviser.account_id,
        payload={"role": "conseiller_misas", "unit": "misas", "ended_on": "2026-01-01"},
    )
    assert (await world.row(taken))["assigned_to"] == adviser.account_id


@pytest.mark.parametrize("kind", ["account.suspended", "account.closed"])
async def test_what_a_shut_account_had_in_charge_waits_for_another_and_nothing_is_given_to_it(
    world: World, partner: Actor, adviser: Actor, kind: str
) -> None:
    taken = await world.taken(partner, adviser)
    await tell(world, kind, account=adviser.account_id)
    row = await world.row(taken)
    assert (row["state"], row["assigned_to"]) == ("relevance_review", None)
    manager = await world.adviser("responsable_unite")
    taken["version"] = row["version"]
    refused = await world.act(manager, taken, "assign", {"account_id": str(adviser.account_id)})
    assert refused.status_code == 422
    await tell(world, "account.reactivated", account=adviser.account_id)
    ok(await world.act(manager, taken, "assign", {"account_id": str(adviser.account_id)}))


async def test_leaving_twice_changes_nothing_more(world: World, partner: Actor, adviser: Actor) -> None:
    taken = await world.taken(partner, adviser)
    for _ in range(2):
        await end_of(world, adviser)
    steps = await world.under_test.rows("SELECT verb FROM request_transitions WHERE request_id = %s", taken["id"])
    assert sorted(s["verb"] for s in steps) == ["release", "submit", "take"]
