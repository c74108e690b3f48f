"""The third lock: what the database refuses whatever the code above it does. One test a known trap."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from servicekit.access import Actor, Audience
from servicekit.canary import UnsafeDatabase, refuse_unsafe_database
from servicekit.db import Database, Scope
from servicekit.testing import an_actor

from .situations import NIR, Here, a_structure

TABLES = (
    "persons",
    "person_identifiers",
    "person_numbers",
    "person_grants",
    "person_distinctions",
    "person_readings",
    "number_reveals",
)
PARTNER_READS = ("persons", "person_identifiers", "person_grants", "person_readings")
AGENT_READS = (*PARTNER_READS, "person_numbers", "person_distinctions")
DENIED = "42501"


def database_of(here: Here) -> Database:
    database: Database = here.under_test.app.state.service.database
    return database


@asynccontextmanager
async def session_of(here: Here, actor: Actor) -> AsyncIterator[AsyncSession]:
    database = database_of(here)
    async with database.session(database.scope_of(actor)) as session:
        yield session


async def count(session: AsyncSession | AsyncConnection, table: str) -> int:
    found: int = (await session.execute(text(f"SELECT count(caisse) FROM {table}"))).scalar_one()
    return found


async def refused(here: Here, actor: Actor, statement: str, **values: object) -> None:
    """Run a statement that the database must refuse for lack of right or by a policy."""
    with pytest.raises(DBAPIError) as error:
        async with session_of(here, actor) as session:
            await session.execute(text(statement), values)
    assert getattr(error.value.orig, "sqlstate", None) == DENIED, error.value


@pytest.fixture
async def person(here: Here) -> UUID:
    person_id = await here.register(identifier={"kind": "nir", "value": NIR})
    client = here.client(here.partner)
    assert (await client.get(f"/api/v1/referrals/partner/persons/{person_id}")).status_code == 200
    return person_id


async def test_every_table_about_persons_has_forced_policies_and_an_owner_policy(here: Here) -> None:
    rows = await here.under_test.rows(
        "SELECT relname, relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner) AS owner "
        "FROM pg_class WHERE relname = ANY (%s)",
        list(TABLES),
    )
    assert {row["relname"] for row in rows} == set(TABLES)
    assert all(row["relrowsecurity"] and row["relforcerowsecurity"] for row in rows)
    assert {row["owner"] for row in rows} == {"referrals_owner"}
    policies = await here.under_test.rows(
        "SELECT tablename, policyname, roles, qual, with_check FROM pg_policies WHERE tablename = ANY (%s)",
        list(TABLES),
    )
    for table in TABLES:
        assert "owner" in {p["policyname"] for p in policies if p["tablename"] == table}
    # No policy for everybody, none that is permissive when a setting is missing, none with OR.
    for policy in policies:
        assert policy["roles"] != ["public"]
        if policy["policyname"] in {"owner", "system"}:
            continue
        for clause in (policy["qual"], policy["with_check"]):
            assert clause is None or ("current_setting" in clause and " OR " not in clause and "IS NULL" not in clause)


async def test_nobody_in_particular_reads_nothing(here: Here, person: UUID) -> None:
    for suffix in ("partner", "agent", "officer", "pilot", "app"):
        for table in TABLES:
            scope = Scope(db_role=f"referrals_{suffix}")
            async with database_of(here).session(scope) as session:
                may = await session.scalar(
                    text("SELECT has_table_privilege(:role, :table, 'SELECT')"),
                    {"role": f"referrals_{suffix}", "table": table},
                )
                if may:
                    assert await count(session, table) == 0, (suffix, table)


async def test_settings_are_empty_after_commit_and_match_no_row(here: Here, person: UUID) -> None:
    engine = database_of(here).engine
    async with engine.connect() as connection:
        await connection.execute(text("SELECT set_config('role', 'referrals_agent', true)"))
        await connection.execute(text("SELECT set_config('app.caisse', '311', true)"))
        assert await count(connection, "persons") == 1
        await connection.commit()
        assert await connection.scalar(text("SELECT current_setting('app.caisse', true)")) == ""
        assert await connection.scalar(text("SELECT current_user")) == "referrals_login"
        await connection.execute(text("SELECT set_config('role', 'referrals_agent', true)"))
        assert await count(connection, "persons") == 0
        await connection.rollback()
        await connection.execute(text("SELECT set_config('role', 'referrals_partner', true)"))
        await connection.execute(text("SELECT set_config('app.caisse', '311', true)"))
        assert await count(connection, "persons") == 0  # '' is no uuid, and must not be an error either
        await connection.rollback()


async def test_nothing_is_carried_over_by_a_pooled_connection(here: Here, person: UUID) -> None:
    shared = database_of(here)
    database = Database("referrals", shared.engine.url.render_as_string(hide_password=False), pool_size=1)
    try:
        seen = []
        for caisse in ("311", "312", "311"):
            adviser = replace(here.adviser, caisse=caisse)
            async with database.session(database.scope_of(adviser)) as session:
                backend = await session.scalar(text("SELECT pg_backend_pid()"))
                seen.append((backend, caisse, await count(session, "persons")))
        async with database.session(Scope(db_role="referrals_agent")) as session:
            seen.append((await session.scalar(text("SELECT pg_backend_pid()")), "", await count(session, "persons")))
        assert len({backend for backend, _, _ in seen}) == 1
        assert [(caisse, found) for _, caisse, found in seen] == [("311", 1), ("312", 0), ("311", 1), ("", 0)]
    finally:
        await database.close()


async def test_the_login_role_owns_nothing_and_reads_nothing(here: Here, person: UUID) -> None:
    async with database_of(here).engine.connect() as connection:
        rights = (
            await connection.execute(
                text(
                    "SELECT rolsuper OR rolbypassrls OR rolinherit AS privileged, "
                    "pg_has_role(rolname, 'referrals_owner', 'MEMBER') AS owner FROM pg_roles "
                    "WHERE rolname = current_user"
                )
            )
        ).one()
        assert (rights.privileged, rights.owner) == (False, False)
        for table in TABLES:
            with pytest.raises(DBAPIError) as error:
                await count(connection, table)
            assert getattr(error.value.orig, "sqlstate", None) == DENIED
            await connection.rollback()


async def test_a_caisse_reads_only_its_own(here: Here, person: UUID) -> None:
    for caisse, expected in (("311", 1), ("312", 0)):
        async with session_of(here, replace(here.adviser, caisse=caisse)) as session:
            for table in ("persons", "person_identifiers", "person_numbers", "person_grants"):
                assert await count(session, table) == expected, (caisse, table)


async def test_a_structure_reads_only_its_own(here: Here, person: UUID) -> None:
    neighbour = an_actor(Audience.PARTNER, "partner_user")
    other_caisse = replace(here.partner, caisse="312")
    for actor, expected in ((here.partner, 1), (neighbour, 0), (other_caisse, 0)):
        async with session_of(here, actor) as session:
            for table in ("persons", "person_identifiers", "person_grants", "person_numbers"):
                assert await count(session, table) == expected, table


async def test_a_structure_never_reads_a_number_even_its_own(here: Here, person: UUID) -> None:
    for column in ("content", "masked", "key_id", "*"):
        await refused(here, here.partner, f"SELECT {column} FROM person_numbers")
    async with session_of(here, here.partner) as session:
        assert len((await session.execute(text("SELECT blind_index FROM person_numbers"))).all()) == 1


async def test_a_reading_is_the_accounts_own(here: Here, person: UUID) -> None:
    async with session_of(here, here.partner) as session:
        assert await count(session, "person_readings") == 1
    async with session_of(here, replace(here.partner, sub=str(uuid4()))) as session:
        assert await count(session, "person_readings") == 0


_NEW_PERSON = (
    "INSERT INTO persons (caisse, id, structure_id, version, first_names, last_name, first_names_key, last_name_key, "
    "birth_on, address_lines, preferred_channel, language, interpreter, adults, children_born_on, created_by, "
    "created_at, updated_at) VALUES (:caisse, gen_random_uuid(), :structure, 1, 'a', 'b', 'a', 'b', '2000-01-01', "
    "'{}', 'phone', 'fr', false, 1, '{}', 'x', now(), now())"
)


async def test_writing_for_another_caisse_or_structure_is_refused(here: Here, person: UUID) -> None:
    await refused(here, here.adviser, _NEW_PERSON, caisse="312", structure=None)
    await refused(here, here.partner, _NEW_PERSON, caisse="312", structure=here.partner.structure)
    await refused(here, here.partner, _NEW_PERSON, caisse="311", structure=uuid4())
    await refused(here, here.partner, _NEW_PERSON, caisse="311", structure=None)
    await refused(here, here.adviser, "UPDATE persons SET caisse = '312'")
    await refused(here, here.partner, "UPDATE persons SET structure_id = :other", other=uuid4())
    await refused(
        here,
        here.adviser,
        "INSERT INTO number_reveals VALUES ('311', gen_random_uuid(), :person, :person, 'another', 'why', now())",
        person=person,
    )


async def test_a_structure_cannot_grant_itself_somebody_elses_person(here: Here, person: UUID) -> None:
    neighbour = await a_structure(here.under_test, nir_allowed=True)
    grant = (
        "INSERT INTO person_grants (caisse, id, person_id, structure_id, holder_kind, holder, purpose, from_at, "
        "granted_by) VALUES ('311', gen_random_uuid(), :person, :registered_by, 'structure', :holder, "
        "'referral.follow', now(), 'x')"
    )
    values = {"person": person, "holder": str(neighbour.structure)}
    await refused(here, neighbour, grant, registered_by=here.partner.structure, **values)
    await refused(here, neighbour, grant, registered_by=None, **values)
    # Claiming to have registered the person meets the foreign key: foreign keys see past the policies, so
    # this one answers alike for a person of another structure and for one that does not exist.
    for who in (person, uuid4()):
        with pytest.raises(DBAPIError, match="fk_person_grants_caisse_person_id") as error:
            async with session_of(here, neighbour) as session:
                await session.execute(text(grant), values | {"person": who, "registered_by": neighbour.structure})
        constraint = getattr(getattr(error.value.orig, "diag", None), "constraint_name", None)
        assert constraint is not None
        assert constraint.startswith("fk_person_grants_caisse_person_id")


async def test_nobody_deletes_or_empties_and_what_must_stay_cannot_be_changed(here: Here, person: UUID) -> None:
    for actor in (here.partner, here.adviser):
        for table in ("persons", "person_identifiers", "person_numbers", "person_grants"):
            await refused(here, actor, f"DELETE FROM {table}")
            await refused(here, actor, f"TRUNCATE {table} CASCADE")
        await refused(here, actor, "UPDATE person_numbers SET blind_index = ''")
        await refused(here, actor, "UPDATE journal SET actor = 'x'")
        await refused(here, actor, "SELECT 1 FROM number_reveals")


async def test_other_audiences_have_no_right_at_all(here: Here, person: UUID) -> None:
    for suffix in ("officer", "pilot", "app"):
        for table in TABLES:
            with pytest.raises(DBAPIError) as error:
                async with database_of(here).session(
                    Scope(db_role=f"referrals_{suffix}", settings={"caisse": "311"})
                ) as session:
                    await count(session, table)
            assert getattr(error.value.orig, "sqlstate", None) == DENIED


async def test_the_owner_of_the_schema_still_sees_rows_when_it_backfills(here: Here, person: UUID) -> None:
    async with here.under_test.admin.transaction(force_rollback=True):
        await here.under_test.admin.execute("SET LOCAL ROLE referrals_owner")
        changed = await here.under_test.admin.execute("UPDATE persons SET city = 'Ailleurs'")
        assert changed.rowcount == 1


async def test_the_service_refuses_to_start_on_an_unsafe_database(here: Here, person: UUID) -> None:
    database = database_of(here)
    await refuse_unsafe_database(database, frozenset())
    spoilt_and_mended = (
        ("ALTER TABLE persons NO FORCE ROW LEVEL SECURITY", "ALTER TABLE persons FORCE ROW LEVEL SECURITY"),
        ("GRANT referrals_owner TO referrals_login", "REVOKE referrals_owner FROM referrals_login"),
        ("ALTER ROLE referrals_login BYPASSRLS", "ALTER ROLE referrals_login NOBYPASSRLS"),
        (
            "CREATE POLICY lax ON persons FOR SELECT TO referrals_agent "
            "USING (nullif(current_setting('app.caisse', true), '') IS NULL)",
            "DROP POLICY lax ON persons",
        ),
        ("CREATE VIEW all_persons AS SELECT * FROM persons", "DROP VIEW all_persons"),
        (
            "CREATE TABLE forgotten (caisse text)",
            "DROP TABLE forgotten",
        ),
    )
    for spoil, mend in spoilt_and_mended:
        await here.under_test.rows(spoil)
        try:
            with pytest.raises(UnsafeDatabase):
                await refuse_unsafe_database(database, frozenset())
        finally:
            await here.under_test.rows(mend)
    await refuse_unsafe_database(database, frozenset())


async def test_a_view_that_runs_as_its_caller_keeps_the_policies(here: Here, person: UUID) -> None:
    await here.under_test.rows("CREATE VIEW own_persons WITH (security_invoker = true) AS SELECT * FROM persons")
    try:
        await here.under_test.rows("GRANT SELECT ON own_persons TO referrals_agent")
        for caisse, expected in (("311", 1), ("312", 0)):
            async with session_of(here, replace(here.adviser, caisse=caisse)) as session:
                assert await count(session, "own_persons") == expected
        await refuse_unsafe_database(database_of(here), frozenset())
    finally:
        await here.under_test.rows("DROP VIEW own_persons")


async def test_a_function_that_runs_with_its_owners_rights_fixes_its_search_path(here: Here) -> None:
    functions = await here.under_test.rows(
        "SELECT proname, proconfig FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE nspname = 'public' AND prosecdef"
    )
    for function in functions:
        assert 'search_path=""' in (function["proconfig"] or []), function["proname"]


async def test_the_superuser_of_the_tests_is_not_what_the_service_uses(here: Here) -> None:
    assert isinstance(here.under_test.admin, psycopg.AsyncConnection)
    async with database_of(here).engine.connect() as connection:
        assert await connection.scalar(text("SELECT session_user")) == "referrals_login"
