"""Signing keys, internal applications, used proofs, journal of requests."""

from alembic import op

from servicekit.schema import SAME_CAISSE, Policy, secure

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE signing_keys (
    id uuid CONSTRAINT pk_signing_keys PRIMARY KEY,
    kid text NOT NULL CONSTRAINT uq_signing_keys_kid UNIQUE,
    public_jwk jsonb NOT NULL,
    private_sealed bytea NOT NULL,
    created_at timestamptz NOT NULL,
    use_from_at timestamptz NOT NULL
);
CREATE TABLE applications (
    id text CONSTRAINT pk_applications PRIMARY KEY CONSTRAINT ck_applications_id CHECK (id LIKE 'app-%'),
    caisse text NOT NULL,
    label text NOT NULL,
    public_jwk jsonb NOT NULL,
    state text NOT NULL CONSTRAINT ck_applications_state CHECK (state IN ('active', 'suspended')),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL
);
CREATE TABLE application_grants (
    id uuid CONSTRAINT pk_application_grants PRIMARY KEY,
    application_id text NOT NULL
        CONSTRAINT fk_application_grants_application_id_applications REFERENCES applications (id),
    caisse text NOT NULL,
    service text NOT NULL,
    purpose text NOT NULL,
    until_at timestamptz NOT NULL,
    ended_at timestamptz,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL
);
CREATE UNIQUE INDEX uq_application_grants_standing
    ON application_grants (application_id, caisse, service, purpose) WHERE ended_at IS NULL;
CREATE TABLE used_assertions (
    client text NOT NULL,
    jti text NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pk_used_assertions PRIMARY KEY (client, jti)
);
CREATE INDEX ix_used_assertions_expires_at ON used_assertions (expires_at);
CREATE TABLE request_journal (
    txn uuid CONSTRAINT pk_request_journal PRIMARY KEY,
    at timestamptz NOT NULL,
    service text NOT NULL,
    method text NOT NULL,
    route text NOT NULL,
    status smallint NOT NULL,
    ms integer NOT NULL,
    refusal text NOT NULL,
    sub text NOT NULL,
    client text NOT NULL,
    audience text NOT NULL,
    role text NOT NULL,
    caisse text NOT NULL,
    structure uuid,
    session_hash text NOT NULL,
    address text NOT NULL
);
CREATE INDEX ix_request_journal_at ON request_journal USING brin (at);
CREATE INDEX ix_request_journal_sub_at ON request_journal (sub, at);
"""

# Entries are added and read: not even the system role changes one, or deletes one that must be kept (technical
# journals: a year, CNIL, délibération 2021-122).
JOURNAL = """
ALTER TABLE request_journal ENABLE ROW LEVEL SECURITY;
ALTER TABLE request_journal FORCE ROW LEVEL SECURITY;
REVOKE ALL ON request_journal FROM PUBLIC;
GRANT SELECT, INSERT, DELETE ON request_journal TO gateway_system;
CREATE POLICY owner ON request_journal TO gateway_owner USING (true) WITH CHECK (true);
CREATE POLICY system_select ON request_journal FOR SELECT TO gateway_system USING (true);
CREATE POLICY system_insert ON request_journal FOR INSERT TO gateway_system WITH CHECK (true);
CREATE POLICY system_delete ON request_journal FOR DELETE TO gateway_system
    USING (at < now() - interval '1 year');
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(JOURNAL)
    officer = {"officer": Policy("SELECT, INSERT, UPDATE", SAME_CAISSE)}
    secure("gateway", "signing_keys", {})
    secure("gateway", "used_assertions", {}, system="SELECT, INSERT, DELETE")
    secure("gateway", "applications", officer)
    secure("gateway", "application_grants", officer)


def downgrade() -> None:
    op.execute("DROP TABLE request_journal, used_assertions, application_grants, applications, signing_keys")
