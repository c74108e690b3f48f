"""The service refuses to start on a database that would leak."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from psycopg.errors import InsufficientPrivilege

from servicekit.canary import UnsafeDatabase, refuse_unsafe_database
from servicekit.testing import ServiceUnderTest

NOTE = "INSERT INTO notes VALUES ('311', %s, %s, %s, 'x', 1)"


@asynccontextmanager
async def spoiled(under_test: ServiceUnderTest, spoil: str, mend: str) -> AsyncIterator[None]:
    await under_test.rows(spoil)
    try:
        yield
    finally:
        await under_test.rows(mend)


SPOILS = {
    "a table without policy": ("CREATE TABLE open_notes (id int)", "DROP TABLE open_notes"),
    "a policy not forced": (
        "ALTER TABLE notes NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE notes FORCE ROW LEVEL SECURITY",
    ),
    "a view with its owner's rights": ("CREATE VIEW leak AS SELECT * FROM notes", "DROP VIEW leak"),
    "a member of the owner": ("GRANT sample_owner TO sample_login", "REVOKE sample_owner FROM sample_login"),
    "a role past policies": ("ALTER ROLE sample_login BYPASSRLS", "ALTER ROLE sample_login NOBYPASSRLS"),
    "a policy open when nothing is set": (
        "CREATE POLICY oops ON notes FOR SELECT TO sample_agent "
        "USING (coalesce(current_setting('app.caisse', true), '') = '')",
        "DROP POLICY oops ON notes",
    ),
}


@pytest.mark.parametrize("case", SPOILS)
async def test_an_unsafe_database_stops_the_start(under_test: ServiceUnderTest, case: str) -> None:
    await under_test.rows(NOTE, uuid4(), uuid4(), uuid4())
    database = under_test.app.state.service.database
    await refuse_unsafe_database(database, frozenset())
    async with spoiled(under_test, *SPOILS[case]):
        with pytest.raises(UnsafeDatabase):
            await refuse_unsafe_database(database, frozenset())


@pytest.mark.parametrize("verb", ["UPDATE journal SET actor = 'x'", "DELETE FROM journal", "TRUNCATE journal"])
async def test_the_journal_is_write_once_even_for_a_superuser(under_test: ServiceUnderTest, verb: str) -> None:
    await under_test.rows(
        "INSERT INTO journal (id, actor, client, audience, role, caisse, session_hash, txn, purpose, kind, "
        "action, resource_ids, subjects, fields, status) "
        "VALUES (%s, 'a', 'c', 'agent', 'r', '311', '', 't', 'p', 'read', 'x', '{}', '{}', '{}', 200)",
        uuid4(),
    )
    with pytest.raises(InsufficientPrivilege, match="write-once"):
        await under_test.rows(verb)


async def test_the_scope_does_not_outlive_its_transaction(under_test: ServiceUnderTest) -> None:
    """Same backend, next transaction: nothing of the first remains, and nothing can be read."""
    database = under_test.app.state.service.database
    async with database.engine.connect() as connection:
        from sqlalchemy import text

        pid = await connection.scalar(text("SELECT pg_backend_pid()"))
        await connection.execute(
            text("SELECT set_config('role', 'sample_agent', true), set_config('app.caisse', '311', true)")
        )
        await connection.commit()
        row = (
            await connection.execute(
                text("SELECT pg_backend_pid(), current_user, coalesce(current_setting('app.caisse', true), '')")
            )
        ).one()
        assert tuple(row) == (pid, "sample_login", "")
