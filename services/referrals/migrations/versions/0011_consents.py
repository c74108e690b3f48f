"""Agreements of persons: what was told, for what, to whom, until when, and how they ended.

What requests sent before this version say of the agreement is written down too.
"""

from alembic import op

from servicekit.schema import SAME_CAISSE, SAME_STRUCTURE, Policy, secure

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE consents (
    caisse text NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    request_id uuid NOT NULL,
    structure_id uuid,
    scope text NOT NULL,
    purpose text NOT NULL,
    recipient text NOT NULL,
    statement_version text NOT NULL,
    informed_on date NOT NULL,
    channel text NOT NULL,
    side text NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    expires_on date NOT NULL,
    state text NOT NULL,
    version integer NOT NULL,
    ended_at timestamptz,
    withdrawn_on date,
    withdrawn_channel text,
    withdrawn_side text,
    withdrawn_by text,
    effect text,
    origin_caisse text,
    origin_id uuid,
    CONSTRAINT pk_consents PRIMARY KEY (caisse, id),
    CONSTRAINT fk_consents_caisse_person_id_persons FOREIGN KEY (caisse, person_id)
        REFERENCES persons (caisse, id) ON DELETE CASCADE,
    CONSTRAINT fk_consents_caisse_request_id_requests FOREIGN KEY (caisse, request_id)
        REFERENCES requests (caisse, id) ON DELETE CASCADE,
    CONSTRAINT fk_consents_caisse_request_id_structure_id_requests FOREIGN KEY (caisse, request_id, structure_id)
        REFERENCES requests (caisse, id, structure_id) ON DELETE CASCADE,
    CONSTRAINT ck_consents_scope_code CHECK (scope IN ('to_be_accompanied', 'to_be_reported')),
    CONSTRAINT ck_consents_state_code CHECK (state IN ('expired', 'given', 'withdrawn')),
    CONSTRAINT ck_consents_channel_code CHECK (channel IN ('electronic', 'in_person', 'phone', 'written')),
    CONSTRAINT ck_consents_side_code CHECK (side IN ('caisse', 'partner', 'system')),
    CONSTRAINT ck_consents_withdrawn_channel_code CHECK (withdrawn_channel IN ('electronic', 'in_person', 'phone',
        'written')),
    CONSTRAINT ck_consents_withdrawn_side_code CHECK (withdrawn_side IN ('caisse', 'partner', 'system')),
    CONSTRAINT ck_consents_effect_code CHECK (effect IN ('nothing_open', 'request_withdrawn', 'to_stop')),
    CONSTRAINT ck_consents_expires_after CHECK (expires_on > informed_on),
    CONSTRAINT ck_consents_withdrawn_whole CHECK ((state = 'withdrawn') = (withdrawn_on IS NOT NULL
        AND withdrawn_channel IS NOT NULL AND withdrawn_by IS NOT NULL AND withdrawn_side IS NOT NULL
        AND effect IS NOT NULL)),
    CONSTRAINT ck_consents_withdrawn_after CHECK (withdrawn_on >= informed_on),
    CONSTRAINT ck_consents_ended_once_over CHECK ((state = 'given') = (ended_at IS NULL)),
    CONSTRAINT ck_consents_origin_whole CHECK ((origin_caisse IS NULL) = (origin_id IS NULL))
);
CREATE UNIQUE INDEX uq_consents_given ON consents (caisse, request_id, scope) WHERE state = 'given';
CREATE INDEX ix_consents_person ON consents (caisse, person_id);
CREATE INDEX ix_consents_request ON consents (caisse, request_id);
CREATE INDEX ix_consents_expiring ON consents (expires_on, id) WHERE state = 'given';
CREATE INDEX ix_consents_origin ON consents (origin_caisse, origin_id) WHERE origin_id IS NOT NULL;
"""

_KNOWN = """
INSERT INTO consents (
    caisse, id, person_id, request_id, structure_id, scope, purpose, recipient, statement_version, informed_on,
    channel, side, recorded_by, recorded_at, expires_on, state, version
)
SELECT r.caisse, gen_random_uuid(), r.person_id, r.id, r.structure_id, 'to_be_reported', r.kind, r.caisse,
    m.statement_version, m.informed_on, m.agreement_channel,
    CASE WHEN r.structure_id IS NULL THEN 'caisse' ELSE 'partner' END, m.attested_by, r.submitted_at,
    m.informed_on + 365, 'given', 1
FROM misas_referrals m JOIN requests r ON r.caisse = m.caisse AND r.id = m.request_id
WHERE r.submitted_at IS NOT NULL
"""


def upgrade() -> None:
    op.execute(_TABLE)
    change = "SELECT, INSERT, UPDATE"
    secure(
        "referrals",
        "consents",
        {"partner": Policy(change, SAME_STRUCTURE), "agent": Policy(change, SAME_CAISSE)},
    )
    op.execute(_KNOWN)


def downgrade() -> None:
    op.execute("DROP TABLE consents")
