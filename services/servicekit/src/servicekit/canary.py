"""Refuse to start on a database that would let one tenant see another's rows."""

from sqlalchemy import text

from servicekit.access import DATABASE_ROLES
from servicekit.db import Database

_OWN_RIGHTS = text(
    """
    SELECT rolsuper OR rolbypassrls AS privileged,
           coalesce((SELECT pg_has_role(current_user, o.oid, 'MEMBER') FROM pg_roles o WHERE o.rolname = :owner),
                    false) AS owns
    FROM pg_roles WHERE rolname = current_user
    """
)
_OPEN_TABLES = text(
    """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
    """
)
_OPEN_VIEWS = text(
    """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('v', 'm')
      AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false)
    """
)
_READABLE = text(
    """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND has_table_privilege(:role, c.oid, 'SELECT')
    """
)
NEEDS_NO_POLICY = frozenset({"alembic_version", "cursors"})


class UnsafeDatabase(RuntimeError):
    """Row-level security is not what the code relies on."""


async def refuse_unsafe_database(database: Database, exempt: frozenset[str]) -> None:
    """Check roles, policies and views; then read every table as nobody in particular and find nothing."""
    async with database.engine.connect() as connection:
        rights = (await connection.execute(_OWN_RIGHTS, {"owner": f"{database.service}_owner"})).one()
        if rights.privileged:
            raise UnsafeDatabase("the login role is a superuser or bypasses row-level security")
        if rights.owns:
            raise UnsafeDatabase("the login role is a member of the owner role")
        open_tables = set((await connection.scalars(_OPEN_TABLES)).all()) - NEEDS_NO_POLICY - exempt
        if open_tables:
            raise UnsafeDatabase(f"tables without forced row-level security: {sorted(open_tables)}")
        open_views = (await connection.scalars(_OPEN_VIEWS)).all()
        if open_views:
            raise UnsafeDatabase(f"views that run with their owner's rights: {sorted(open_views)}")
        for suffix in sorted(set(DATABASE_ROLES.values()) - {"system"}):
            role = f"{database.service}_{suffix}"
            tables = (await connection.scalars(_READABLE, {"role": role})).all()
            await connection.rollback()
            for table in set(tables) - NEEDS_NO_POLICY - exempt:
                await connection.execute(text("SELECT set_config('role', :role, true)"), {"role": role})
                quoted = connection.dialect.identifier_preparer.quote(table)
                seen = await connection.scalar(text(f"SELECT EXISTS (SELECT FROM {quoted})"))  # noqa: S608 - a catalogue name, quoted
                await connection.rollback()
                if seen:
                    raise UnsafeDatabase(f"{role} reads {table} without a scope")
