"""Campaigns by query and by population, the detections they bring in, the calls by which the mission is offered."""

from alembic import op

from servicekit.schema import SAME_CAISSE, Policy, secure

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SERVICE = "referrals"

_TABLES = """
CREATE TABLE detection_campaigns (
    caisse text NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    mode text NOT NULL,
    population text,
    from_on date NOT NULL,
    until_on date NOT NULL,
    state text NOT NULL,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_detection_campaigns PRIMARY KEY (caisse, id),
    CONSTRAINT ck_detection_campaigns_mode_code CHECK (mode IN ('population', 'query')),
    CONSTRAINT ck_detection_campaigns_population_code CHECK (population IN ('disabled', 'elderly',
        'self_employed', 'young')),
    CONSTRAINT ck_detection_campaigns_state_code CHECK (state IN ('closed', 'open')),
    CONSTRAINT ck_detection_campaigns_population_named CHECK ((mode = 'population') = (population IS NOT NULL)),
    CONSTRAINT ck_detection_campaigns_until_after_from CHECK (until_on >= from_on)
);
CREATE INDEX ix_detection_campaigns_newest ON detection_campaigns (caisse, created_at DESC, id DESC);

CREATE TABLE detections (
    caisse text NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    campaign_id uuid NOT NULL,
    person_id uuid NOT NULL,
    entered boolean NOT NULL,
    phone text,
    state text NOT NULL,
    unreached smallint NOT NULL,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    last_call_at timestamptz,
    ended_at timestamptz,
    request_id uuid,
    CONSTRAINT pk_detections PRIMARY KEY (caisse, id),
    CONSTRAINT fk_detections_caisse_campaign_id_detection_campaigns FOREIGN KEY (caisse, campaign_id)
        REFERENCES detection_campaigns (caisse, id),
    CONSTRAINT fk_detections_caisse_person_id_persons FOREIGN KEY (caisse, person_id) REFERENCES persons
        (caisse, id) ON DELETE CASCADE,
    CONSTRAINT fk_detections_caisse_request_id_requests FOREIGN KEY (caisse, request_id) REFERENCES requests
        (caisse, id),
    CONSTRAINT uq_detections_caisse_campaign_id_person_id UNIQUE (caisse, campaign_id, person_id),
    CONSTRAINT ck_detections_state_code CHECK (state IN ('accepted', 'declined', 'lapsed', 'to_offer',
        'unreachable')),
    CONSTRAINT ck_detections_phone_while_to_offer CHECK ((state = 'to_offer') = (phone IS NOT NULL)),
    CONSTRAINT ck_detections_ended_at_iff_ended CHECK ((state = 'to_offer') = (ended_at IS NULL)),
    CONSTRAINT ck_detections_request_iff_accepted CHECK ((state = 'accepted') = (request_id IS NOT NULL))
);
CREATE INDEX ix_detections_caisse_created_at_id ON detections (caisse, created_at, id) WHERE state = 'to_offer';
CREATE INDEX ix_detections_caisse_person_id ON detections (caisse, person_id);

CREATE TABLE detection_calls (
    caisse text NOT NULL,
    detection_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    by text NOT NULL,
    outcome text NOT NULL,
    CONSTRAINT pk_detection_calls PRIMARY KEY (caisse, detection_id, id),
    CONSTRAINT fk_detection_calls_caisse_detection_id_detections FOREIGN KEY (caisse, detection_id) REFERENCES
        detections (caisse, id) ON DELETE CASCADE,
    CONSTRAINT ck_detection_calls_outcome_code CHECK (outcome IN ('accepted', 'call_back', 'declined',
        'no_answer', 'voicemail', 'wrong_number'))
);
"""


def upgrade() -> None:
    op.execute(_TABLES)
    for table in ("detection_campaigns", "detections"):
        secure(SERVICE, table, {"agent": Policy("SELECT, INSERT, UPDATE", SAME_CAISSE)})
    secure(SERVICE, "detection_calls", {"agent": Policy("SELECT, INSERT", SAME_CAISSE)})


def downgrade() -> None:
    op.execute("DROP TABLE detection_calls, detections, detection_campaigns")
