"""Trainings and the rights they open: read by the structure and the caisse, written by the partner desk."""

from alembic import op

from servicekit.schema import SAME_CAISSE, SAME_STRUCTURE, Policy, allow, secure

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE trainings (
    caisse text,
    id uuid,
    structure_id uuid NOT NULL,
    account_id uuid CONSTRAINT fk_trainings_account_id_accounts REFERENCES accounts (id),
    kind text NOT NULL,
    state text NOT NULL CONSTRAINT ck_trainings_state
        CHECK (state IN ('requested', 'planned', 'held', 'attended', 'absent', 'cancelled')),
    on_date date,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_trainings PRIMARY KEY (caisse, id),
    CONSTRAINT ck_trainings_dated_once_planned CHECK (state IN ('requested', 'cancelled') OR on_date IS NOT NULL),
    CONSTRAINT fk_trainings_caisse_structures FOREIGN KEY (caisse, structure_id) REFERENCES structures (caisse, id)
);
CREATE INDEX ix_trainings_caisse_structure_id ON trainings (caisse, structure_id);

CREATE TABLE rights (
    caisse text,
    id uuid,
    structure_id uuid NOT NULL,
    account_id uuid CONSTRAINT fk_rights_account_id_accounts REFERENCES accounts (id),
    "right" text NOT NULL,
    training_id uuid NOT NULL,
    from_on date NOT NULL,
    until_on date,
    ended_on date,
    version integer NOT NULL,
    CONSTRAINT pk_rights PRIMARY KEY (caisse, id),
    CONSTRAINT fk_rights_caisse_structures FOREIGN KEY (caisse, structure_id) REFERENCES structures (caisse, id),
    CONSTRAINT fk_rights_caisse_trainings FOREIGN KEY (caisse, training_id) REFERENCES trainings (caisse, id)
);
CREATE INDEX ix_rights_caisse_structure_id ON rights (caisse, structure_id);
"""

DESK = f"{SAME_CAISSE} AND current_setting('app.role', true) IN ('coordinateur', 'responsable_unite')"


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("trainings", "rights"):
        secure("partners", table, {})
        allow("partners", table, "partner", Policy("SELECT", SAME_STRUCTURE))
        allow("partners", table, "agent", Policy("SELECT", SAME_CAISSE))
        allow("partners", table, "agent", Policy("INSERT, UPDATE", DESK))
        allow("partners", table, "officer", Policy("SELECT", SAME_CAISSE))


def downgrade() -> None:
    op.execute("DROP TABLE rights, trainings")
