"""Foundation, and the read models of what is followed."""

from alembic import op

from servicekit.schema import SAME_CAISSE, SAME_STRUCTURE, Policy, create_foundation, secure

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SERVICE = "accompaniments"

_TABLES = """
CREATE TABLE body_clocks (
    caisse text NOT NULL,
    department text NOT NULL,
    time_zone text NOT NULL,
    CONSTRAINT pk_body_clocks PRIMARY KEY (caisse)
);

CREATE TABLE partner_structures (
    caisse text NOT NULL,
    structure_id uuid NOT NULL,
    state text NOT NULL,
    CONSTRAINT pk_partner_structures PRIMARY KEY (caisse, structure_id)
);

CREATE TABLE agent_assignments (
    caisse text NOT NULL,
    id uuid NOT NULL,
    account uuid NOT NULL,
    role text NOT NULL,
    unit text,
    from_on date NOT NULL,
    until_on date,
    ended_on date,
    CONSTRAINT pk_agent_assignments PRIMARY KEY (caisse, id)
);
CREATE INDEX ix_agent_assignments_caisse_account ON agent_assignments (caisse, account) WHERE ended_on IS NULL;

CREATE TABLE known_persons (
    caisse text NOT NULL,
    person_id uuid NOT NULL,
    structure_id uuid,
    CONSTRAINT pk_known_persons PRIMARY KEY (caisse, person_id)
);
"""


def upgrade() -> None:
    create_foundation(SERVICE)
    op.execute(_TABLES)
    everybody = dict.fromkeys(("partner", "agent"), Policy("SELECT", SAME_CAISSE))
    secure(SERVICE, "body_clocks", everybody)
    secure(SERVICE, "agent_assignments", {"agent": Policy("SELECT", SAME_CAISSE)})
    for table in ("partner_structures", "known_persons"):
        secure(SERVICE, table, {"partner": Policy("SELECT", SAME_STRUCTURE), "agent": Policy("SELECT", SAME_CAISSE)})


def downgrade() -> None:
    for table in ("known_persons", "agent_assignments", "partner_structures", "body_clocks"):
        op.execute(f"DROP TABLE {table}")
