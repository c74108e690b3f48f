"""What migrations and operations share: roles of a service, row-level security of a table, the foundation.

Roles of service `x`: `x_owner` (owns the schema, cannot log in), `x_login` (what the service connects as,
inherits nothing), `x_system` (followers, jobs, feed) and one role an audience (`x_partner`, `x_agent`, …).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

import psycopg
from alembic import op
from psycopg import sql
from sqlalchemy.engine import make_url

from servicekit.access import DATABASE_ROLES
from servicekit.jobs_schema import install_jobs

AUDIENCES = tuple(sorted(set(DATABASE_ROLES.values()) - {"system"}))

SAME_CAISSE = "caisse = current_setting('app.caisse', true)"
SAME_STRUCTURE = f"{SAME_CAISSE} AND structure_id = nullif(current_setting('app.structure', true), '')::uuid"
"""A plain equality costs nothing; an OR or a CASE would scan the table."""

_LOGIN_SETTINGS = {
    "statement_timeout": "5s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
}


def provision(admin_url: str, service: str, password: str) -> None:
    """Create the roles and the database of `service`, or bring them up to date. Needs a superuser."""
    with psycopg.connect(_plain(admin_url), autocommit=True) as connection:
        owner, login = sql.Identifier(f"{service}_owner"), sql.Identifier(f"{service}_login")
        groups = [f"{service}_{suffix}" for suffix in (*AUDIENCES, "system")]
        for name in (f"{service}_owner", f"{service}_login", *groups):
            found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
            if found is None:
                connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("ALTER ROLE {} LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS PASSWORD {}").format(
                login, sql.Literal(password)
            )
        )
        for setting, value in _LOGIN_SETTINGS.items():
            connection.execute(
                sql.SQL("ALTER ROLE {} SET {} = {}").format(login, sql.Identifier(setting), sql.Literal(value))
            )
        for name in groups:
            connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(name), login))
        database = f"aller_{service}"
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone()
        if found is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    sql.Identifier(database), owner
                )
            )
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database)))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(database), login))


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """What one audience may do to a table, and to which rows; `check` defaults to `rows`."""

    verbs: str
    rows: str
    check: str | None = None


def create_foundation(service: str) -> None:
    """Create facts, cursors, idempotency, journal and jobs; for the first migration of a service."""
    op.execute(f"GRANT USAGE ON SCHEMA public TO {_names(service, (*AUDIENCES, 'system'))}")
    op.execute((files("servicekit") / "data/foundation_v1.sql").read_text(encoding="utf-8"))
    own = "sub = current_setting('app.sub', true)"
    signed = "actor = current_setting('app.sub', true)"
    secure(service, "facts", dict.fromkeys(AUDIENCES, Policy("INSERT", SAME_CAISSE)))
    secure(service, "idempotency", dict.fromkeys(AUDIENCES, Policy("SELECT, INSERT, UPDATE", own)))
    secure(service, "journal", dict.fromkeys(AUDIENCES, Policy("INSERT", signed)), system="SELECT, INSERT")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON cursors TO {service}_system")
    install_jobs(service)


def secure(
    service: str, table: str, audiences: Mapping[str, Policy], *, system: str = "SELECT, INSERT, UPDATE, DELETE"
) -> None:
    """Put row-level security on `table`: an audience without a policy sees nothing and writes nothing.

    One policy per database role and verb, plain equality. The owner has one too: FORCE would otherwise make
    a migration's backfill change no row, in silence.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"REVOKE ALL ON {table} FROM PUBLIC")
    op.execute(f"CREATE POLICY owner ON {table} TO {service}_owner USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY system ON {table} TO {service}_system USING (true) WITH CHECK (true)")
    op.execute(f"GRANT {system} ON {table} TO {service}_system")
    for audience, policy in audiences.items():
        allow(service, table, audience, policy)


def allow(service: str, table: str, audience: str, policy: Policy) -> None:
    """Let one audience at the rows of a secured table."""
    role = f"{service}_{audience}"
    op.execute(f"GRANT {policy.verbs} ON {table} TO {role}")
    check = policy.check or policy.rows
    for verb in (v.strip().upper() for v in policy.verbs.split(",")):
        name = f"{audience}_{verb.lower()}"
        clause = {
            "SELECT": f"USING ({policy.rows})",
            "INSERT": f"WITH CHECK ({check})",
            "UPDATE": f"USING ({policy.rows}) WITH CHECK ({check})",
            "DELETE": f"USING ({policy.rows})",
        }[verb]
        op.execute(f"CREATE POLICY {name} ON {table} FOR {verb} TO {role} {clause}")


def _names(service: str, suffixes: Iterable[str]) -> str:
    return ", ".join(f"{service}_{suffix}" for suffix in suffixes)
