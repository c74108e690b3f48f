"""The tables of works, for a migration of each service that has some. Frozen: a change is a function beside."""

from typing import Final

from alembic import op

from servicekit.schema import AUDIENCES, SAME_CAISSE, Policy, allow, secure

_TABLES = """
CREATE TABLE works (
    caisse text,
    id uuid,
    holder text NOT NULL,
    actor jsonb NOT NULL,
    kind text NOT NULL,
    state text NOT NULL CONSTRAINT ck_works_state
        CHECK (state IN ('prepared', 'waiting', 'running', 'done', 'failed', 'cancelled', 'expired')),
    turn integer NOT NULL,
    done integer NOT NULL,
    total integer,
    counts jsonb NOT NULL,
    parameters jsonb NOT NULL,
    position jsonb,
    reason text,
    problem text,
    key bytea,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    moved_at timestamptz NOT NULL,
    ended_at timestamptz,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pk_works PRIMARY KEY (caisse, id)
);
CREATE INDEX ix_works_own ON works (caisse, holder, created_at, id);
CREATE INDEX ix_works_to_forget ON works (expires_at) WHERE key IS NOT NULL;
CREATE INDEX ix_works_under_way ON works (moved_at) WHERE state IN ('waiting', 'running');

CREATE TABLE work_rows (
    caisse text,
    work_id uuid,
    rank integer,
    holder text NOT NULL,
    state text NOT NULL CONSTRAINT ck_work_rows_state
        CHECK (state IN ('ready', 'faulty', 'created', 'updated', 'unchanged')),
    problems jsonb NOT NULL,
    resource_id uuid,
    sealed bytea NOT NULL,
    CONSTRAINT pk_work_rows PRIMARY KEY (caisse, work_id, rank),
    CONSTRAINT fk_work_rows_caisse_work_id_works FOREIGN KEY (caisse, work_id)
        REFERENCES works (caisse, id) ON DELETE CASCADE
);
CREATE INDEX ix_work_rows_ready ON work_rows (caisse, work_id, rank) WHERE state = 'ready';

CREATE TABLE work_parts (
    caisse text,
    work_id uuid,
    name text,
    rank integer,
    holder text NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT pk_work_parts PRIMARY KEY (caisse, work_id, name, rank),
    CONSTRAINT fk_work_parts_caisse_work_id_works FOREIGN KEY (caisse, work_id)
        REFERENCES works (caisse, id) ON DELETE CASCADE
);

CREATE TABLE import_keys (
    caisse text,
    kind text,
    structure text,
    key bytea,
    resource_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_import_keys PRIMARY KEY (caisse, kind, structure, key)
);
CREATE INDEX ix_import_keys_at ON import_keys (at);
"""

_PEOPLE: Final = [audience for audience in AUDIENCES if audience != "app"]
OWN = (
    f"{SAME_CAISSE} AND holder = current_setting('app.sub', true) || '|' || current_setting('app.role', true)"
    " || '|' || current_setting('app.structure', true)"
)
SAME_SIDE = f"{SAME_CAISSE} AND structure = current_setting('app.structure', true)"


def create_works(service: str) -> None:
    """Create the tables of works: a work and what it holds are seen by who asked, in the role it was asked in."""
    op.execute(_TABLES)
    secure(service, "works", dict.fromkeys(_PEOPLE, Policy("SELECT, INSERT, UPDATE", OWN)))
    for table in ("work_rows", "work_parts"):
        secure(service, table, dict.fromkeys(_PEOPLE, Policy("SELECT, INSERT, UPDATE, DELETE", OWN)))
    secure(service, "import_keys", dict.fromkeys(_PEOPLE, Policy("SELECT, INSERT", SAME_SIDE)))


_REVISION: Final = """
DELETE FROM work_rows;
DELETE FROM work_parts;
ALTER TABLE works DROP CONSTRAINT ck_works_state, ADD COLUMN key_id text;
UPDATE works SET key = NULL, position = NULL, version = version + 1, state = CASE
    WHEN state IN ('prepared', 'waiting', 'running') OR (state = 'done' AND reason IS NOT NULL) THEN 'expired'
    ELSE state END
WHERE key IS NOT NULL;
ALTER TABLE works
    ADD CONSTRAINT ck_works_state CHECK
        (state IN ('prepared', 'waiting', 'running', 'done', 'failed', 'cancelled', 'expired', 'revoked')),
    ADD CONSTRAINT ck_works_key CHECK ((key IS NULL) = (key_id IS NULL));
CREATE INDEX ix_works_exports ON works (caisse, created_at, id) WHERE reason IS NOT NULL;
DROP POLICY officer_select ON works;
DROP POLICY officer_insert ON works;
DROP POLICY officer_update ON works;
"""
_EXPORTS: Final = f"{SAME_CAISSE} AND reason IS NOT NULL AND current_setting('app.role', true) = 'dpo'"


def revise_works(service: str) -> None:
    """Seal with the keyring, know works that were revoked, let the protection officer re-read the exports.

    What works held was under another key: it is forgotten, those under way have expired. For a later migration.
    """
    op.execute(_REVISION)
    op.execute(f"REVOKE INSERT, UPDATE ON works FROM {service}_officer")
    allow(service, "works", "officer", Policy("SELECT", _EXPORTS))


def unrevise_works(service: str) -> None:
    """Undo `revise_works`; what works held is forgotten again."""
    op.execute(
        """
        DROP POLICY officer_select ON works;
        DROP INDEX ix_works_exports;
        DELETE FROM work_rows;
        DELETE FROM work_parts;
        UPDATE works SET key = NULL, key_id = NULL, state = CASE
            WHEN state IN ('prepared', 'waiting', 'running', 'revoked') THEN 'expired' ELSE state END;
        ALTER TABLE works
            DROP CONSTRAINT ck_works_key, DROP COLUMN key_id, DROP CONSTRAINT ck_works_state,
            ADD CONSTRAINT ck_works_state CHECK
                (state IN ('prepared', 'waiting', 'running', 'done', 'failed', 'cancelled', 'expired'));
        """
    )
    allow(service, "works", "officer", Policy("SELECT, INSERT, UPDATE", OWN))


def key_imports(service: str) -> None:
    """Forget the plain digests of what was imported; let a row be done again that became something since gone."""
    op.execute("DELETE FROM import_keys")
    for audience in _PEOPLE:
        allow(service, "import_keys", audience, Policy("UPDATE", SAME_SIDE))


def unkey_imports(service: str) -> None:
    """Undo `key_imports`; what was imported is forgotten again."""
    op.execute("DELETE FROM import_keys")
    for audience in _PEOPLE:
        op.execute(f"DROP POLICY {audience}_update ON import_keys")
        op.execute(f"REVOKE UPDATE ON import_keys FROM {service}_{audience}")


def drop_works() -> None:
    """Undo `create_works`."""
    op.execute("DROP TABLE import_keys, work_parts, work_rows, works")
