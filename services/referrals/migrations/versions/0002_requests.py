"""Requests with their history and messages, and the read models of `partners` that they need."""

from alembic import op

from servicekit.schema import SAME_CAISSE, SAME_STRUCTURE, Policy, secure

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SERVICE = "referrals"

_TABLES = """
CREATE TABLE partner_structures (
    caisse text NOT NULL,
    structure_id uuid NOT NULL,
    kind text NOT NULL,
    department text NOT NULL,
    state text NOT NULL,
    portal_opened_on date,
    nir_allowed boolean NOT NULL,
    CONSTRAINT pk_partner_structures PRIMARY KEY (caisse, structure_id)
);

CREATE TABLE partner_rights (
    caisse text NOT NULL,
    id uuid NOT NULL,
    structure_id uuid NOT NULL,
    account uuid,
    "right" text NOT NULL,
    from_on date NOT NULL,
    until_on date,
    ended_on date,
    CONSTRAINT pk_partner_rights PRIMARY KEY (caisse, id)
);
CREATE INDEX ix_partner_rights_caisse_structure_id_right ON partner_rights (caisse, structure_id, "right");

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

CREATE TABLE requests (
    caisse text NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    coarse text NOT NULL,
    turn text NOT NULL,
    queue text NOT NULL,
    number text COLLATE "C",
    version integer NOT NULL,
    structure_id uuid,
    author text NOT NULL,
    person_id uuid NOT NULL,
    detector_kind text NOT NULL,
    detection_mode text NOT NULL,
    detector_trained boolean,
    assigned_to uuid,
    unit text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    submitted_at timestamptz,
    taken_at timestamptz,
    decided_at timestamptz,
    due_on date NOT NULL,
    first_contact_due_on date,
    reminded_on date,
    decision_days integer,
    last_event text NOT NULL,
    last_event_at timestamptz NOT NULL,
    unread_by_partner integer NOT NULL,
    unread_by_caisse integer NOT NULL,
    origin_caisse text,
    origin_id uuid,
    draft_form jsonb,
    CONSTRAINT pk_requests PRIMARY KEY (caisse, id),
    CONSTRAINT fk_requests_caisse_person_id_persons FOREIGN KEY (caisse, person_id) REFERENCES persons
        (caisse, id),
    CONSTRAINT fk_requests_caisse_person_id_structure_id_persons FOREIGN KEY (caisse, person_id,
        structure_id) REFERENCES persons (caisse, id, structure_id),
    CONSTRAINT uq_requests_caisse_id_structure_id UNIQUE (caisse, id, structure_id),
    CONSTRAINT uq_requests_caisse_number UNIQUE (caisse, number),
    CONSTRAINT ck_requests_turn_code CHECK (turn IN ('caisse', 'nobody', 'partner')),
    CONSTRAINT ck_requests_queue_code CHECK (queue IN ('accueil', 'ass', 'ces', 'gdb', 'lup', 'misas', 'ss')),
    CONSTRAINT ck_requests_detector_kind_code CHECK (detector_kind IN ('accueil', 'ass', 'association',
        'cas', 'ccas', 'centre_social', 'ces', 'dam', 'gdb', 'mediation', 'partenaire', 'pfs', 'prado',
        'ps', 'requete', 'service_medical', 'service_social')),
    CONSTRAINT ck_requests_detection_mode_code CHECK (detection_mode IN ('external', 'internal',
        'population', 'query')),
    CONSTRAINT ck_requests_state_and_coarse CHECK ((kind = 'misas_referral' AND state = 'accepted' AND
        coarse = 'taken_on') OR (kind = 'misas_referral' AND state = 'draft' AND coarse = 'draft') OR
        (kind = 'misas_referral' AND state = 'expired' AND coarse = 'expired') OR (kind =
        'misas_referral' AND state = 'redirected' AND coarse = 'redirected') OR (kind = 'misas_referral'
        AND state = 'refused' AND coarse = 'not_taken_on') OR (kind = 'misas_referral' AND state =
        'relevance_review' AND coarse = 'under_review') OR (kind = 'misas_referral' AND state =
        'submitted' AND coarse = 'received') OR (kind = 'misas_referral' AND state = 'withdrawn' AND
        coarse = 'withdrawn')),
    CONSTRAINT ck_requests_numbered_once_sent CHECK ((number IS NULL) = (submitted_at IS NULL)),
    CONSTRAINT ck_requests_form_while_draft CHECK ((coarse = 'draft') = (draft_form IS NOT NULL)),
    CONSTRAINT ck_requests_assigned_once_taken CHECK (coarse NOT IN ('received', 'draft') OR assigned_to
        IS NULL),
    CONSTRAINT ck_requests_reviewed_once_taken CHECK (coarse <> 'under_review' OR taken_at IS NOT NULL),
    CONSTRAINT ck_requests_decided_at_iff_answered CHECK ((coarse IN ('taken_on', 'not_taken_on',
        'redirected')) = (decided_at IS NOT NULL)),
    CONSTRAINT ck_requests_origin_whole CHECK ((origin_caisse IS NULL) = (origin_id IS NULL)),
    CONSTRAINT ck_requests_unread_counted CHECK (unread_by_partner >= 0 AND unread_by_caisse >= 0)
);
CREATE INDEX ix_requests_accepted ON requests (id) WHERE coarse = 'taken_on';
CREATE INDEX ix_requests_answered ON requests (caisse, kind, decided_at) WHERE decision_days IS NOT NULL;
CREATE INDEX ix_requests_assigned ON requests (caisse, assigned_to, due_on, id) WHERE assigned_to IS NOT NULL;
CREATE INDEX ix_requests_expiring ON requests (due_on, id) WHERE coarse = 'draft';
CREATE INDEX ix_requests_person ON requests (caisse, person_id);
CREATE INDEX ix_requests_sent ON requests (caisse, structure_id, created_at DESC, id DESC);
CREATE INDEX ix_requests_sent_by_event ON requests (caisse, structure_id, last_event_at DESC, id DESC);
CREATE INDEX ix_requests_sent_by_number ON requests (caisse, structure_id, number);
CREATE INDEX ix_requests_sent_by_state ON requests (caisse, structure_id, coarse, created_at DESC, id DESC);
CREATE INDEX ix_requests_state ON requests (caisse, coarse, due_on, id);
CREATE INDEX ix_requests_waiting ON requests (caisse, queue, due_on, id) WHERE assigned_to IS NULL AND
    coarse IN ('received', 'redirected', 'under_review');
CREATE UNIQUE INDEX uq_requests_open ON requests (caisse, person_id, kind) WHERE coarse IN ('received',
    'under_review');
CREATE UNIQUE INDEX uq_requests_origin ON requests (caisse, origin_caisse, origin_id) WHERE origin_id IS
    NOT NULL;

CREATE TABLE misas_referrals (
    caisse text NOT NULL,
    request_id uuid NOT NULL,
    structure_id uuid,
    scopes text[] NOT NULL,
    motives text[] NOT NULL,
    renounced_care jsonb NOT NULL,
    situation_note text,
    informed_on date NOT NULL,
    agreement_channel text NOT NULL,
    statement_version text NOT NULL,
    attested_by text NOT NULL,
    phone text NOT NULL,
    best_time text,
    detector_note text,
    CONSTRAINT pk_misas_referrals PRIMARY KEY (caisse, request_id),
    CONSTRAINT fk_misas_referrals_caisse_request_id_requests FOREIGN KEY (caisse, request_id) REFERENCES
        requests (caisse, id) ON DELETE CASCADE,
    CONSTRAINT fk_misas_referrals_caisse_request_id_structure_id_requests FOREIGN KEY (caisse,
        request_id, structure_id) REFERENCES requests (caisse, id, structure_id) ON DELETE CASCADE,
    CONSTRAINT ck_misas_referrals_scopes_codes CHECK (cardinality(scopes) > 0 AND scopes <@
        ARRAY['acces_droits', 'acces_soins', 'renoncement_soins']::text[]),
    CONSTRAINT ck_misas_referrals_motives_codes CHECK (cardinality(motives) > 0 AND motives <@
        ARRAY['attribuer_expliciter_droits', 'choix_complementaire', 'guider_parcours',
        'mobiliser_sante', 'orienter_ps', 'plan_aide_financiere']::text[]),
    CONSTRAINT ck_misas_referrals_agreement_channel_code CHECK (agreement_channel IN ('electronic',
        'in_person', 'phone', 'written')),
    CONSTRAINT ck_misas_referrals_renouncement_names_care CHECK (NOT scopes @>
        ARRAY['renoncement_soins'] OR jsonb_array_length(renounced_care) > 0)
);

CREATE TABLE request_transitions (
    caisse text NOT NULL,
    request_id uuid NOT NULL,
    id uuid NOT NULL,
    structure_id uuid,
    at timestamptz NOT NULL,
    side text NOT NULL,
    actor text NOT NULL,
    role text NOT NULL,
    verb text NOT NULL,
    from_state text,
    to_state text NOT NULL,
    reason text,
    orientation text,
    target text,
    target_body text,
    assignee uuid,
    message text,
    CONSTRAINT pk_request_transitions PRIMARY KEY (caisse, request_id, id),
    CONSTRAINT fk_request_transitions_caisse_request_id_requests FOREIGN KEY (caisse, request_id)
        REFERENCES requests (caisse, id) ON DELETE CASCADE,
    CONSTRAINT fk_request_transitions_caisse_request_id_structure_id_requests FOREIGN KEY (caisse,
        request_id, structure_id) REFERENCES requests (caisse, id, structure_id) ON DELETE CASCADE,
    CONSTRAINT ck_request_transitions_verb_code CHECK (verb IN ('accept', 'assign', 'create', 'discard',
        'expire', 'receive', 'redirect', 'refuse', 'release', 'remind', 'submit', 'take', 'withdraw')),
    CONSTRAINT ck_request_transitions_side_code CHECK (side IN ('caisse', 'partner', 'system'))
);

CREATE TABLE request_messages (
    caisse text NOT NULL,
    request_id uuid NOT NULL,
    id uuid NOT NULL,
    structure_id uuid,
    at timestamptz NOT NULL,
    side text NOT NULL,
    author text NOT NULL,
    text text NOT NULL,
    expects_answer boolean NOT NULL,
    read_at timestamptz,
    read_by text,
    CONSTRAINT pk_request_messages PRIMARY KEY (caisse, request_id, id),
    CONSTRAINT fk_request_messages_caisse_request_id_requests FOREIGN KEY (caisse, request_id)
        REFERENCES requests (caisse, id) ON DELETE CASCADE,
    CONSTRAINT fk_request_messages_caisse_request_id_structure_id_requests FOREIGN KEY (caisse,
        request_id, structure_id) REFERENCES requests (caisse, id, structure_id) ON DELETE CASCADE,
    CONSTRAINT ck_request_messages_side_code CHECK (side IN ('caisse', 'partner', 'system')),
    CONSTRAINT ck_request_messages_read_by_somebody CHECK ((read_at IS NULL) = (read_by IS NULL))
);
CREATE INDEX ix_request_messages_caisse_request_id_side ON request_messages (caisse, request_id, side)
    WHERE read_at IS NULL;

CREATE TABLE request_settings (
    caisse text NOT NULL,
    key text NOT NULL,
    valid_from date NOT NULL,
    value jsonb NOT NULL,
    source text NOT NULL,
    legal_basis text,
    CONSTRAINT pk_request_settings PRIMARY KEY (caisse, key, valid_from)
);

CREATE TABLE queue_delays (
    caisse text NOT NULL,
    kind text NOT NULL,
    measured_at timestamptz NOT NULL,
    window_days integer NOT NULL,
    answered integer NOT NULL,
    median_days double precision NOT NULL,
    CONSTRAINT pk_queue_delays PRIMARY KEY (caisse, kind)
);
"""

# One sequence a caisse and year: a number is drawn without a lock that others wait for, may be lost with its
# transaction and is never given twice. Whoever draws the first of a year makes the sequence.
_NUMBERS = """
CREATE FUNCTION next_request_number(caisse text, year integer) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    series text := lower(format('request_number_%s_%s', caisse, year));
    drawn text;
BEGIN
    IF caisse !~ '^[0-9A-Z_]{3,40}$' OR year NOT BETWEEN 2000 AND 2999 THEN
        RAISE EXCEPTION 'no such series' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF to_regclass('public.' || series) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(series, 0));
        EXECUTE format('CREATE SEQUENCE IF NOT EXISTS public.%I', series);
    END IF;
    drawn := nextval('public.' || series)::text;
    RETURN format('%s-%s-%s', caisse, year, lpad(drawn, greatest(6, length(drawn)), '0'));
END $$;
REVOKE ALL ON FUNCTION next_request_number(text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION next_request_number(text, integer)
    TO referrals_partner, referrals_agent, referrals_system;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(_NUMBERS)
    change, add = "SELECT, INSERT, UPDATE", "SELECT, INSERT"
    for table in ("partner_structures", "partner_rights"):
        secure(SERVICE, table, {"partner": Policy("SELECT", SAME_STRUCTURE), "agent": Policy("SELECT", SAME_CAISSE)})
    secure(SERVICE, "agent_assignments", {"agent": Policy("SELECT", SAME_CAISSE)})
    for table in ("requests", "request_messages"):
        secure(SERVICE, table, {"partner": Policy(change, SAME_STRUCTURE), "agent": Policy(change, SAME_CAISSE)})
    # What was attested and what happened is added to and never changed.
    for table in ("misas_referrals", "request_transitions"):
        secure(SERVICE, table, {"partner": Policy(add, SAME_STRUCTURE), "agent": Policy(add, SAME_CAISSE)})
    for table in ("request_settings", "queue_delays"):
        secure(SERVICE, table, dict.fromkeys(("partner", "agent"), Policy("SELECT", SAME_CAISSE)))


def downgrade() -> None:
    for table in (
        "queue_delays",
        "request_settings",
        "request_messages",
        "request_transitions",
        "misas_referrals",
        "requests",
        "agent_assignments",
        "partner_rights",
        "partner_structures",
    ):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION next_request_number(text, integer)")
    op.execute(
        """
        DO $$ DECLARE series record; BEGIN
            FOR series IN SELECT relname FROM pg_class WHERE relkind = 'S' AND relname LIKE 'request_number_%'
            LOOP EXECUTE format('DROP SEQUENCE %I', series.relname); END LOOP;
        END $$
        """
    )
