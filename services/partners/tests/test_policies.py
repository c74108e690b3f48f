"""Row-level security by direct SQL, under each database role: what each may see, and what it may write.

The routes are not used here on purpose: the policies must hold when a route forgets.
"""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from partners_service.app import REFERENCE_TABLES
from partners_service.bodies.loading import load
from servicekit.access import Audience
from servicekit.testing import ServiceUnderTest

from .situations import Member, Structure, Town, a_person, a_staff_member

TABLES = ("structures", "accounts", "assignments", "invitations", "transitions", "trainings", "rights", "parameters")


@dataclass
class Landscape:
    """Two structures in one caisse, one in another, staff in both, and somebody who works on both sides."""

    own: Structure
    other: Structure
    far: Structure
    admin: Member
    guest: Member
    region: Structure
    agent: UUID


@pytest.fixture(scope="module")
async def land(_service: ServiceUnderTest) -> AsyncIterator[Landscape]:
    """Fill every table with rows of each side, once: nothing that these tests try is kept."""
    async with _service.app.state.service.database.system_session("reference.load") as session:
        await load(session)
    await _service.empty()
    yield await _landscape(Town(_service), Town(_service, "291"), Town(_service, "CARSAT_MIDI_PYRENEES"))
    await _service.empty()


@pytest.fixture
def under_test(_service: ServiceUnderTest) -> ServiceUnderTest:
    """Return the service as it is, with the landscape in it."""
    return _service


async def _landscape(town: Town, elsewhere: Town, region: Town) -> Landscape:
    own, other, far = await town.structure(), await town.structure(), await elsewhere.structure()
    admin, guest = await own.member("partner_admin"), await far.member()
    await other.member()
    await own.member(came=False)
    agent = await a_staff_member(town)
    await a_staff_member(elsewhere)
    await town.desk.post(f"{own.path}/invitations", a_person(email=guest.email, roles=["partner_user"]))
    for structure in (own, other, far):
        training = {"kind": "lup", "on": "2025-03-12", "attended": True}
        assert (await structure.town.desk.post(f"{structure.path}/trainings", training)).status_code == 201
        await town.service.rows(
            "INSERT INTO parameters VALUES (%s, 'max_accounts', '2020-01-01', '30', 'test', NULL)"
            " ON CONFLICT DO NOTHING",
            structure.town.caisse,
        )
    assert agent.actor is not None
    return Landscape(own, other, far, admin, guest, await region.structure(), agent.actor.account_id)


@dataclass
class As:
    """Runs SQL under a database role with the settings that a scope would push."""

    service: ServiceUnderTest
    audience: str
    settings: dict[str, str]

    async def run(self, query: str, *parameters: Any) -> Sequence[dict[str, Any]]:
        """Run one statement and keep nothing of it."""
        async with self.service.admin.transaction(force_rollback=True):
            await self.service.admin.execute(
                sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(f"partners_{self.audience}"))
            )
            for key, value in self.settings.items():
                await self.service.admin.execute("SELECT set_config(%s, %s, true)", (f"app.{key}", value))
            return await self.service.rows(query, *parameters)

    async def sees(self, table: str, column: str = "id") -> set[Any]:
        """Return the values of a column in the rows seen."""
        return {row[column] for row in await self.run(f"SELECT {column} FROM {table}")}

    async def changes(self, statement: str, *parameters: Any) -> int:
        """Return how many rows a statement changed."""
        return len(await self.run(f"{statement} RETURNING 1", *parameters))


def a_partner(service: ServiceUnderTest, member: Member, role: str | None = None) -> As:
    return As(
        service,
        "partner",
        {
            "caisse": member.structure.town.caisse,
            "structure": str(member.structure.id),
            "role": role or member.actor.role,
            "sub": member.actor.sub,
        },
    )


def of_caisse(service: ServiceUnderTest, audience: Audience, role: str, caisse: str = "311") -> As:
    return As(service, str(audience), {"caisse": caisse, "structure": "", "role": role, "sub": str(uuid4())})


async def test_a_partner_sees_its_own_structure_and_its_people(under_test: ServiceUnderTest, land: Landscape) -> None:
    me = a_partner(under_test, land.admin)

    assert await me.sees("structures") == {land.own.id}
    people = {UUID(p["account_id"]) for p in (await land.own.read())["people"]}
    assert await me.sees("accounts") == people
    assert land.guest.id in people
    assert await me.sees("assignments", "structure_id") == {land.own.id}
    assert await me.sees("invitations", "structure_id") == {land.own.id}
    assert await me.sees("trainings", "structure_id") == {land.own.id}
    assert await me.sees("rights", "structure_id") == {land.own.id}
    assert await me.sees("parameters", "caisse") == {"311"}
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await me.sees("transitions")


async def test_the_same_person_in_another_structure_sees_that_one(
    under_test: ServiceUnderTest, land: Landscape
) -> None:

    assert await a_partner(under_test, land.guest).sees("structures") == {land.far.id}


@pytest.mark.parametrize(
    ("audience", "role"),
    [(Audience.AGENT, "conseiller_misas"), (Audience.AGENT, "coordinateur"), (Audience.OFFICER, "dpo")],
)
async def test_a_caisse_sees_its_own(
    under_test: ServiceUnderTest, land: Landscape, audience: Audience, role: str
) -> None:
    here, there = of_caisse(under_test, audience, role), of_caisse(under_test, audience, role, "291")

    assert await here.sees("structures") == {land.own.id, land.other.id}
    assert await there.sees("structures") == {land.far.id}
    for table in ("assignments", "invitations", "transitions", "trainings", "rights", "parameters"):
        assert await here.sees(table, "caisse") == {"311"}, table
        assert await there.sees(table, "caisse") == {"291"}, table
    assert {land.admin.id, land.guest.id, land.agent} <= await here.sees("accounts")
    assert land.guest.id in await there.sees("accounts")
    assert not {land.admin.id, land.agent} & await there.sees("accounts")


async def test_a_regional_body_sees_its_own_tenant_and_not_its_caisses(
    under_test: ServiceUnderTest, land: Landscape
) -> None:
    worker = of_caisse(under_test, Audience.AGENT, "assistant_social", "CARSAT_MIDI_PYRENEES")
    assert await worker.sees("structures") == {land.region.id}
    assert land.region.id not in await of_caisse(under_test, Audience.AGENT, "coordinateur").sees("structures")


async def test_without_a_scope_nobody_sees_anything(under_test: ServiceUnderTest, land: Landscape) -> None:

    for audience in ("partner", "agent", "officer", "pilot", "app"):
        for table in TABLES:
            try:
                assert await As(under_test, audience, {}).run(f"SELECT 1 FROM {table}") == [], (audience, table)
            except psycopg.errors.InsufficientPrivilege:
                continue


@pytest.mark.parametrize("audience", ["pilot", "app"])
async def test_pilots_and_applications_see_no_structure(
    under_test: ServiceUnderTest, land: Landscape, audience: str
) -> None:
    somebody = As(under_test, audience, {"caisse": "311", "sub": str(uuid4()), "role": "pilote_regional"})

    for table in TABLES:
        try:
            seen = await somebody.run(f"SELECT 1 FROM {table}")
        except psycopg.errors.InsufficientPrivilege:
            continue
        assert seen == [] or table == "parameters", table


async def test_the_system_sees_everything_and_keeps_reference_data(
    under_test: ServiceUnderTest, land: Landscape
) -> None:
    system = As(under_test, "system", {})

    assert {land.own.id, land.other.id, land.far.id, land.region.id} == await system.sees("structures")
    assert await system.changes("UPDATE bodies SET name = name WHERE code = '311'") == 1


@pytest.mark.parametrize("audience", ["partner", "agent", "officer", "pilot", "app"])
async def test_reference_data_is_read_by_all_and_written_by_none(under_test: ServiceUnderTest, audience: str) -> None:
    somebody = As(under_test, audience, {"caisse": "311"})

    for table in REFERENCE_TABLES - {"reference_loads"}:
        assert await somebody.run(f"SELECT 1 FROM {table} LIMIT 1") != []
        for write in (f"DELETE FROM {table}", f"INSERT INTO {table} DEFAULT VALUES"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await somebody.run(write)


async def test_only_an_administrator_writes_people_and_only_of_its_structure(
    under_test: ServiceUnderTest, land: Landscape
) -> None:
    admin, user = a_partner(under_test, land.admin), a_partner(under_test, land.admin, "partner_user")
    for table in ("assignments", "invitations"):
        touched = await admin.run(f"UPDATE {table} SET caisse = caisse RETURNING structure_id")
        assert {row["structure_id"] for row in touched} == {land.own.id}
    touched = await admin.run("UPDATE accounts SET job_title = 'x' RETURNING id")
    assert land.guest.id not in {row["id"] for row in touched}, "a guest's account belongs to another structure"

    assert await user.changes("UPDATE assignments SET role = 'partner_admin'") == 0
    mine = await user.run("UPDATE accounts SET job_title = 'x' RETURNING id")
    assert {row["id"] for row in mine} == {land.admin.id}, "one's own row is all that is left"
    for who in (admin, user):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await who.run("UPDATE structures SET max_accounts = 100")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await who.run("INSERT INTO rights SELECT * FROM rights")


INTO = {
    "assignments": "(caisse, id, account_id, audience, role, structure_id, from_on, granted_by, granted_at, version)",
    "invitations": "(caisse, id, structure_id, account_id, state, expires_at, invited_by, invited_at)",
}


async def test_an_administrator_cannot_write_into_another_structure(
    under_test: ServiceUnderTest, land: Landscape
) -> None:
    admin = a_partner(under_test, land.admin)

    for structure in (land.other, land.far):
        caisse = structure.town.caisse
        for statement, values in (
            (
                f"INSERT INTO assignments {INTO['assignments']} "
                "VALUES (%s, %s, %s, 'partner', 'partner_admin', %s, now(), 'x', now(), 1)",
                (caisse, uuid4(), land.admin.id, structure.id),
            ),
            (
                f"INSERT INTO invitations {INTO['invitations']} "
                "VALUES (%s, %s, %s, %s, 'cancelled', now(), 'x', now())",
                (caisse, uuid4(), structure.id, land.admin.id),
            ),
            ("UPDATE assignments SET caisse = %s, structure_id = %s", (caisse, structure.id)),
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await admin.run(statement, *values)


async def test_the_desk_writes_partners_and_the_administrators_their_own_people(
    under_test: ServiceUnderTest, land: Landscape
) -> None:
    desk = of_caisse(under_test, Audience.AGENT, "coordinateur")
    adviser = of_caisse(under_test, Audience.AGENT, "conseiller_misas")
    admin = of_caisse(under_test, Audience.OFFICER, "admin")
    dpo = of_caisse(under_test, Audience.OFFICER, "dpo")

    async def touched(who: As, table: str, column: str = "audience") -> set[str]:
        rows = await who.run(f"UPDATE {table} SET version = version RETURNING {column} AS touched, caisse")
        assert {row["caisse"] for row in rows} <= {"311"}
        return {row["touched"] for row in rows}

    assert await touched(desk, "structures", "caisse") == {"311"}
    assert await touched(dpo, "structures", "caisse") == {"311"}
    assert await touched(desk, "accounts") == await touched(desk, "assignments") == {"partner"}
    assert await touched(admin, "accounts") == await touched(admin, "assignments") == {"agent"}
    assert await touched(desk, "trainings", "caisse") == await touched(desk, "rights", "caisse") == {"311"}
    for nobody in (adviser, dpo):
        for table in ("accounts", "assignments"):
            assert await touched(nobody, table) == set(), table
    for reader in (adviser, admin):
        assert await touched(reader, "structures", "caisse") == set()
    assert land.agent in await adviser.sees("accounts")


async def test_people_accept_the_charter_for_themselves_alone_and_cannot_lift_their_suspension(
    under_test: ServiceUnderTest, land: Landscape
) -> None:
    me = a_partner(under_test, land.admin, "partner_user")

    accepted = "UPDATE accounts SET charter_accepted_at = now() WHERE id = %s"
    assert await me.changes(accepted, land.admin.id) == 1
    assert await me.changes(accepted, land.guest.id) == 0
    for state in ("closed", "suspended"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await me.run("UPDATE accounts SET state = %s WHERE id = %s", state, land.admin.id)


async def test_nobody_deletes(under_test: ServiceUnderTest, land: Landscape) -> None:
    for who in (
        a_partner(under_test, land.admin),
        of_caisse(under_test, Audience.AGENT, "coordinateur"),
        of_caisse(under_test, Audience.OFFICER, "admin"),
    ):
        for table in TABLES:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await who.run(f"DELETE FROM {table}")


@pytest.mark.usefixtures("land")
async def test_the_owner_s_backfills_see_every_row(under_test: ServiceUnderTest) -> None:
    assert await As(under_test, "owner", {}).changes("UPDATE structures SET version = version") == 4


async def test_whose_an_address_is_is_all_that_can_be_asked_across_tenants(
    under_test: ServiceUnderTest, land: Landscape
) -> None:
    question = "SELECT * FROM holder_of_address(%s)"
    there = (await land.far.read())["people"][0]["email"]

    [answer] = await a_partner(under_test, land.admin).run(question, there)
    assert set(answer) == {"id", "caisse", "structure_id", "audience", "state"}
    for audience in ("pilot", "app"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await As(under_test, audience, {}).run(question, there)


CONSTRAINTS = {
    "ck_accounts_charter_when_active": "UPDATE accounts SET charter_accepted_at = NULL WHERE state = 'active'",
    "ck_accounts_structure_iff_partner": "UPDATE accounts SET structure_id = NULL",
    "ck_accounts_state": "UPDATE accounts SET state = 'gone'",
    "ck_accounts_withheld_never_active": "UPDATE accounts SET withheld = true WHERE state = 'active'",
    "fk_assignments_account_id_accounts": "UPDATE assignments SET audience = 'agent', structure_id = NULL",
    "ck_assignments_structure_iff_partner": "UPDATE assignments SET structure_id = NULL",
    "ck_assignments_unit_for_agents": "UPDATE assignments SET unit = 'misas'",
    "ck_assignments_dates_in_order": "UPDATE assignments SET until_on = from_on - 1",
    "ck_assignments_ended_on_iff_ended": "UPDATE assignments SET ended_at = now()",
    "ck_structures_identified": "UPDATE structures SET siret = NULL",
    "ck_structures_siret": "UPDATE structures SET siret = '123'",
    "ck_structures_finess": "UPDATE structures SET finess = '2C0000000'",
    "ck_structures_has_referent": "UPDATE structures SET referent_email = NULL",
    "ck_structures_opened_when_active": "UPDATE structures SET portal_opened_on = NULL",
    "ck_structures_not_opened_before": "UPDATE structures SET state = 'approved'",
    "ck_structures_state": "UPDATE structures SET state = 'gone'",
    "uq_accounts_email_key": "UPDATE accounts SET email_key = 'same'",
    "uq_structures_name_in_service": "UPDATE structures SET name_key = 'same', commune_key = 'same'",
    "uq_structures_siret_in_service": "UPDATE structures SET siret = '73282932000074'",
    "uq_invitations_pending": "UPDATE invitations SET state = 'pending', account_id = %(account)s",
    "ck_trainings_dated_once_planned": "UPDATE trainings SET on_date = NULL",
    "ck_transitions_one_subject": "UPDATE transitions SET account_id = id, training_id = id",
    "ck_transitions_some_subject": "UPDATE transitions SET account_id = NULL, structure_id = NULL",
}


@pytest.mark.parametrize("name", CONSTRAINTS)
async def test_invariants_are_constraints_of_the_database(
    under_test: ServiceUnderTest, land: Landscape, name: str
) -> None:
    with pytest.raises(psycopg.errors.IntegrityError) as refusal:
        await under_test.admin.execute(CONSTRAINTS[name], {"account": land.admin.id})
    assert refusal.value.diag.constraint_name == name


WHO = {
    "partner": [("partner_admin", "own"), ("partner_user", "own")],
    "agent": [("coordinateur", ""), ("conseiller_misas", "")],
    "officer": [("admin", ""), ("dpo", "")],
    "pilot": [("pilote_regional", "")],
    "app": [("application_interne", "")],
}


async def probe(service: ServiceUnderTest, land: Landscape, audience: str, table: str) -> list[object]:
    """Return what an audience can see, touch and add in a table, as somebody of each of its roles."""
    samples = [
        row["sample"]
        for row in await service.rows(
            f"SELECT DISTINCT ON (caisse, {SIDE[table]}) to_jsonb({table}) AS sample FROM {table}"
        )
    ]
    seen: list[object] = []
    for role, side in WHO[audience]:
        structure = str(land.own.id) if side else ""
        sub = land.admin.actor.sub if side else str(land.agent)
        who = As(service, audience, {"caisse": "311", "structure": structure, "role": role, "sub": sub})
        touch = "WITH touched AS (UPDATE {} SET {} RETURNING 1) SELECT count(*) AS n FROM touched"
        statements = [
            (f"SELECT count(*) AS n FROM {table}", ()),
            (touch.format(table, "caisse = caisse"), ()),
            (touch.format(table, ENDING.get(table, "caisse = caisse")), ()),
            *(
                (
                    f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s::jsonb)",
                    (json.dumps(sample | ({"id": str(uuid4())} if "id" in sample else {})),),
                )
                for sample in samples
            ),
        ]
        for statement, parameters in statements:
            try:
                rows = await who.run(statement, *parameters)
            except psycopg.Error as error:
                seen.append((role, statement, error.sqlstate))
            else:
                seen.append((role, statement, rows[0]["n"] if rows else 0))
    return seen


SIDE = {
    "structures": "state",
    "accounts": "audience",
    "assignments": "audience",
    "invitations": "structure_id IS NULL",
    "transitions": "structure_id",
    "trainings": "structure_id",
    "rights": "structure_id",
    "parameters": "key",
}


ENDING = {"accounts": "state = 'closed'", "invitations": "state = 'cancelled'"}


async def test_no_policy_could_be_weakened_unseen(under_test: ServiceUnderTest, land: Landscape) -> None:
    """Open each policy in turn to every row: what can be seen, touched or added must change each time."""
    policies = await under_test.rows(
        "SELECT tablename, policyname, cmd, r AS role FROM pg_policies, unnest(roles) r"
        " WHERE tablename = ANY (%s) AND r NOT IN ('partners_owner', 'partners_system')",
        list(TABLES),
    )
    assert len(policies) > 40
    for policy in policies:
        table, audience = policy["tablename"], policy["role"].removeprefix("partners_")
        opened = {"SELECT": "USING (true)", "INSERT": "WITH CHECK (true)"}.get(
            policy["cmd"], "USING (true) WITH CHECK (true)"
        )
        before = await probe(under_test, land, audience, table)
        async with under_test.admin.transaction(force_rollback=True):
            await under_test.rows(f"ALTER POLICY {policy['policyname']} ON {table} {opened}")
            after = await probe(under_test, land, audience, table)
        assert after != before, policy
