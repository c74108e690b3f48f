"""Foundation; credentials, factors, sessions, links, throttles and the journal of sign-ins."""

from alembic import op

from servicekit.schema import create_foundation, secure

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE accounts (
    id uuid CONSTRAINT pk_accounts PRIMARY KEY,
    state text NOT NULL CONSTRAINT ck_accounts_state CHECK (state IN ('active', 'suspended', 'closed'))
);
CREATE TABLE structures (
    id uuid CONSTRAINT pk_structures PRIMARY KEY,
    state text NOT NULL
);
CREATE TABLE bodies (
    code text CONSTRAINT pk_bodies PRIMARY KEY,
    time_zone text NOT NULL
);
CREATE TABLE assignments (
    id uuid CONSTRAINT pk_assignments PRIMARY KEY,
    account_id uuid NOT NULL CONSTRAINT fk_assignments_account_id_accounts REFERENCES accounts (id),
    audience text NOT NULL
        CONSTRAINT ck_assignments_audience CHECK (audience IN ('partner', 'agent', 'officer', 'pilot')),
    role text NOT NULL,
    caisse text NOT NULL,
    structure_id uuid,
    unit text,
    from_on date NOT NULL,
    until_on date,
    ended_at timestamptz,
    CONSTRAINT ck_assignments_structure_iff_partner
        CHECK ((audience = 'partner') = (structure_id IS NOT NULL))
);
CREATE INDEX ix_assignments_account_id ON assignments (account_id);

CREATE TABLE credentials (
    account_id uuid CONSTRAINT pk_credentials PRIMARY KEY
        CONSTRAINT fk_credentials_account_id_accounts REFERENCES accounts (id),
    email_key bytea NOT NULL CONSTRAINT uq_credentials_email_key UNIQUE,
    email_sealed bytea NOT NULL,
    password_hash text NOT NULL,
    password_changed_at timestamptz NOT NULL,
    enrol_until_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    last_assignment_id uuid
);
CREATE TABLE factors (
    id uuid CONSTRAINT pk_factors PRIMARY KEY,
    account_id uuid NOT NULL CONSTRAINT fk_factors_account_id_credentials
        REFERENCES credentials (account_id) ON DELETE CASCADE,
    kind text NOT NULL,
    label text NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz,
    secret_sealed bytea,
    last_step bigint,
    credential_id bytea CONSTRAINT uq_factors_credential_id UNIQUE,
    public_key bytea,
    sign_count bigint,
    transports text[],
    backed_up boolean,
    CONSTRAINT ck_factors_kind CHECK (
        (kind = 'totp' AND secret_sealed IS NOT NULL AND credential_id IS NULL AND public_key IS NULL)
        OR (kind = 'passkey' AND secret_sealed IS NULL AND credential_id IS NOT NULL
            AND public_key IS NOT NULL AND sign_count IS NOT NULL)
    )
);
CREATE INDEX ix_factors_account_id ON factors (account_id);
CREATE TABLE recovery_codes (
    account_id uuid NOT NULL CONSTRAINT fk_recovery_codes_account_id_credentials
        REFERENCES credentials (account_id) ON DELETE CASCADE,
    slot smallint NOT NULL,
    code_hash text NOT NULL,
    created_at timestamptz NOT NULL,
    burned_at timestamptz,
    CONSTRAINT pk_recovery_codes PRIMARY KEY (account_id, slot)
);

CREATE TABLE invitations (
    id uuid CONSTRAINT pk_invitations PRIMARY KEY,
    account_id uuid NOT NULL CONSTRAINT fk_invitations_account_id_accounts REFERENCES accounts (id),
    created_at timestamptz NOT NULL,
    email_sealed bytea,
    token_hash bytea CONSTRAINT uq_invitations_token_hash UNIQUE,
    expires_at timestamptz,
    accepted_at timestamptz,
    withdrawn_at timestamptz
);
CREATE INDEX ix_invitations_account_id ON invitations (account_id);
CREATE TABLE password_resets (
    token_hash bytea CONSTRAINT pk_password_resets PRIMARY KEY,
    account_id uuid NOT NULL CONSTRAINT fk_password_resets_account_id_credentials
        REFERENCES credentials (account_id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX ix_password_resets_account_id ON password_resets (account_id);

CREATE TABLE sessions (
    id uuid CONSTRAINT pk_sessions PRIMARY KEY,
    account_id uuid NOT NULL CONSTRAINT fk_sessions_account_id_accounts REFERENCES accounts (id),
    cookie_hash bytea NOT NULL CONSTRAINT uq_sessions_cookie_hash UNIQUE,
    state text NOT NULL CONSTRAINT ck_sessions_state CHECK (state IN ('second_factor', 'enrolment', 'open')),
    assignment_id uuid CONSTRAINT fk_sessions_assignment_id_assignments REFERENCES assignments (id),
    factor text,
    auth_time timestamptz,
    stepup_at timestamptz,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    end_reason text,
    device text NOT NULL,
    address text NOT NULL,
    CONSTRAINT ck_sessions_open_iff_authenticated CHECK ((state = 'open') = (auth_time IS NOT NULL))
);
CREATE INDEX ix_sessions_account_id ON sessions (account_id) WHERE ended_at IS NULL;
CREATE INDEX ix_sessions_expires_at ON sessions (expires_at);
CREATE TABLE challenges (
    session_id uuid NOT NULL CONSTRAINT fk_challenges_session_id_sessions
        REFERENCES sessions (id) ON DELETE CASCADE,
    purpose text NOT NULL,
    content_sealed bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pk_challenges PRIMARY KEY (session_id, purpose)
);

CREATE TABLE attempts (
    id uuid CONSTRAINT pk_attempts PRIMARY KEY,
    throttle text NOT NULL,
    key bytea NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX ix_attempts_throttle_key_at ON attempts (throttle, key, at);
CREATE INDEX ix_attempts_at ON attempts (at);
CREATE TABLE sign_in_events (
    id uuid CONSTRAINT pk_sign_in_events PRIMARY KEY,
    at timestamptz NOT NULL,
    event text NOT NULL,
    account_id uuid,
    session_id uuid,
    email_hash bytea,
    detail text,
    address text NOT NULL,
    txn text NOT NULL
);
CREATE INDEX ix_sign_in_events_account_id_at ON sign_in_events (account_id, at);
CREATE INDEX ix_sign_in_events_at ON sign_in_events (at);
"""
WRITTEN = """
accounts structures bodies assignments credentials factors recovery_codes invitations password_resets
sessions challenges attempts
"""


def upgrade() -> None:
    create_foundation("gateway")
    op.execute(TABLES)
    for table in WRITTEN.split():
        secure("gateway", table, {})
    # The journal only grows: not even the gateway changes or removes a line of it.
    secure("gateway", "sign_in_events", {}, system="SELECT, INSERT")


def downgrade() -> None:
    raise NotImplementedError("the first migration is not undone: drop the database")
