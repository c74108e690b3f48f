"""Every kind of request: topic and urgency, states of each kind, completion, reopening, silence told level by level."""

from alembic import op

from servicekit.schema import SAME_CAISSE, SAME_STRUCTURE, Policy, secure

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SERVICE = "referrals"

_REQUESTS = """
ALTER TABLE requests
    ADD COLUMN topic text NOT NULL DEFAULT '',
    ADD COLUMN urgent boolean NOT NULL DEFAULT false,
    ADD COLUMN paused_on date,
    ADD COLUMN paused_days integer NOT NULL DEFAULT 0,
    ADD COLUMN lapses_on date,
    ADD COLUMN silence integer NOT NULL DEFAULT 0;
ALTER TABLE requests
    ALTER COLUMN topic DROP DEFAULT,
    ALTER COLUMN urgent DROP DEFAULT,
    ALTER COLUMN paused_days DROP DEFAULT,
    ALTER COLUMN silence DROP DEFAULT;
ALTER TABLE requests
    DROP CONSTRAINT ck_requests_state_and_coarse,
    DROP CONSTRAINT ck_requests_assigned_once_taken,
    DROP CONSTRAINT ck_requests_decided_at_iff_answered;
ALTER TABLE requests
    ADD CONSTRAINT ck_requests_state_of_kind CHECK (
        (kind IN ('appointment', 'contact', 'document', 'follow_up', 'send_file') AND state IN ('answered',
            'closed', 'draft', 'entered_in_error', 'expired', 'in_progress', 'redirected', 'rejected',
            'submitted', 'waiting_partner', 'withdrawn')) OR (kind IN ('misas_referral') AND state IN
            ('accepted', 'draft', 'expired', 'redirected', 'refused', 'relevance_review', 'submitted',
            'withdrawn')) OR (kind IN ('ss_referral') AND state IN ('draft', 'ended', 'entered_in_error',
            'expired', 'submitted', 'taken_on', 'triage', 'withdrawn')) OR (kind IN ('urgent') AND state IN
            ('answered', 'closed', 'draft', 'entered_in_error', 'expired', 'in_progress', 'qualification',
            'rejected', 'submitted', 'waiting_partner', 'withdrawn'))
    ),
    ADD CONSTRAINT ck_requests_coarse_of_state CHECK (
        (coarse = 'answered' AND state IN ('answered')) OR (coarse = 'closed' AND state IN ('closed',
            'ended')) OR (coarse = 'draft' AND state IN ('draft')) OR (coarse = 'entered_in_error' AND state
            IN ('entered_in_error')) OR (coarse = 'expired' AND state IN ('expired')) OR (coarse =
            'not_taken_on' AND state IN ('refused', 'rejected')) OR (coarse = 'received' AND state IN
            ('submitted', 'triage')) OR (coarse = 'redirected' AND state IN ('redirected')) OR (coarse =
            'taken_on' AND state IN ('accepted', 'taken_on')) OR (coarse = 'under_review' AND state IN
            ('in_progress', 'qualification', 'relevance_review')) OR (coarse = 'waiting_partner' AND state IN
            ('waiting_partner')) OR (coarse = 'withdrawn' AND state IN ('withdrawn'))
    ),
    ADD CONSTRAINT ck_requests_assigned_once_taken CHECK (state NOT IN ('submitted', 'draft') OR assigned_to IS NULL),
    ADD CONSTRAINT ck_requests_decided_at_once_answered CHECK (
        CASE WHEN coarse IN ('taken_on', 'not_taken_on', 'redirected', 'answered') THEN decided_at IS NOT NULL
            WHEN coarse IN ('closed', 'entered_in_error') THEN true ELSE decided_at IS NULL END
    ),
    ADD CONSTRAINT ck_requests_paused_while_waiting CHECK ((coarse = 'waiting_partner') = (paused_on IS NOT NULL)),
    ADD CONSTRAINT ck_requests_lapses_while_waited_for CHECK (
        (coarse IN ('waiting_partner', 'answered')) = (lapses_on IS NOT NULL)
    ),
    ADD CONSTRAINT ck_requests_paused_counted CHECK (paused_days >= 0),
    ADD CONSTRAINT ck_requests_silence_level CHECK (silence BETWEEN 0 AND 3);
DROP INDEX uq_requests_open;
DROP INDEX ix_requests_waiting;
CREATE UNIQUE INDEX uq_requests_open ON requests (caisse, person_id, kind, topic)
    WHERE coarse IN ('received', 'under_review', 'waiting_partner');
CREATE INDEX ix_requests_waiting ON requests (caisse, queue, due_on, id)
    WHERE assigned_to IS NULL AND coarse IN ('received', 'redirected', 'under_review', 'waiting_partner');
CREATE INDEX ix_requests_lapsing ON requests (lapses_on, id) WHERE lapses_on IS NOT NULL;
CREATE INDEX ix_requests_silent ON requests (due_on, id)
    WHERE coarse IN ('received', 'under_review') AND silence < 3;
UPDATE requests SET draft_form = draft_form || jsonb_build_object('kind', kind) WHERE draft_form IS NOT NULL;
"""
_BESIDE = """
CREATE TABLE request_details (
    caisse text NOT NULL,
    request_id uuid NOT NULL,
    kind text NOT NULL,
    structure_id uuid,
    attested_by text NOT NULL,
    form jsonb NOT NULL,
    CONSTRAINT pk_request_details PRIMARY KEY (caisse, request_id, kind),
    CONSTRAINT fk_request_details_caisse_request_id_requests FOREIGN KEY (caisse, request_id)
        REFERENCES requests (caisse, id) ON DELETE CASCADE,
    CONSTRAINT fk_request_details_caisse_request_id_structure_id_requests FOREIGN KEY (caisse, request_id,
        structure_id) REFERENCES requests (caisse, id, structure_id) ON DELETE CASCADE,
    CONSTRAINT ck_request_details_kind_code CHECK (
        kind IN ('appointment', 'contact', 'document', 'follow_up', 'misas_referral', 'send_file',
            'ss_referral', 'urgent')
    )
);
ALTER TABLE request_transitions ADD COLUMN items text[], ADD COLUMN until_on date;
ALTER TABLE request_transitions DROP CONSTRAINT ck_request_transitions_verb_code;
ALTER TABLE request_transitions ADD CONSTRAINT ck_request_transitions_verb_code CHECK (
    verb IN ('accept', 'answer', 'ask', 'assign', 'close', 'complete', 'create', 'discard', 'end', 'expire',
        'make_ordinary', 'qualify', 'receive', 'redirect', 'refuse', 'reject', 'release', 'remind', 'reopen',
        'submit', 'take', 'take_on', 'transfer', 'void', 'withdraw')
);
"""


def upgrade() -> None:
    op.execute(_REQUESTS)
    op.execute(_BESIDE)
    add = "SELECT, INSERT"
    # What was attested is added to and never changed.
    policies = {"partner": Policy(add, SAME_STRUCTURE), "agent": Policy(add, SAME_CAISSE)}
    secure(SERVICE, "request_details", policies)


def downgrade() -> None:
    op.execute("DELETE FROM requests WHERE kind <> 'misas_referral'")
    op.execute("DROP TABLE request_details")
    op.execute(
        """
        ALTER TABLE request_transitions DROP CONSTRAINT ck_request_transitions_verb_code;
        ALTER TABLE request_transitions DROP COLUMN items, DROP COLUMN until_on;
        ALTER TABLE request_transitions ADD CONSTRAINT ck_request_transitions_verb_code CHECK (
            verb IN ('accept', 'assign', 'create', 'discard', 'expire', 'receive', 'redirect', 'refuse', 'release',
                'remind', 'submit', 'take', 'withdraw')
        );
        ALTER TABLE requests
            DROP CONSTRAINT ck_requests_state_of_kind, DROP CONSTRAINT ck_requests_coarse_of_state,
            DROP CONSTRAINT ck_requests_assigned_once_taken, DROP CONSTRAINT ck_requests_decided_at_once_answered,
            DROP CONSTRAINT ck_requests_paused_while_waiting, DROP CONSTRAINT ck_requests_lapses_while_waited_for,
            DROP CONSTRAINT ck_requests_paused_counted, DROP CONSTRAINT ck_requests_silence_level;
        DROP INDEX uq_requests_open, ix_requests_waiting, ix_requests_lapsing, ix_requests_silent;
        ALTER TABLE requests DROP COLUMN topic, DROP COLUMN urgent, DROP COLUMN paused_on, DROP COLUMN paused_days,
            DROP COLUMN lapses_on, DROP COLUMN silence;
        ALTER TABLE requests ADD CONSTRAINT ck_requests_state_and_coarse CHECK (
            kind = 'misas_referral' AND (
                (state = 'accepted' AND coarse = 'taken_on') OR (state = 'draft' AND coarse = 'draft')
                OR (state = 'expired' AND coarse = 'expired') OR (state = 'redirected' AND coarse = 'redirected')
                OR (state = 'refused' AND coarse = 'not_taken_on')
                OR (state = 'relevance_review' AND coarse = 'under_review')
                OR (state = 'submitted' AND coarse = 'received') OR (state = 'withdrawn' AND coarse = 'withdrawn')
            )
        );
        ALTER TABLE requests ADD CONSTRAINT ck_requests_assigned_once_taken CHECK (
            coarse NOT IN ('received', 'draft') OR assigned_to IS NULL
        );
        ALTER TABLE requests ADD CONSTRAINT ck_requests_decided_at_iff_answered CHECK (
            (coarse IN ('taken_on', 'not_taken_on', 'redirected')) = (decided_at IS NOT NULL)
        );
        CREATE UNIQUE INDEX uq_requests_open ON requests (caisse, person_id, kind)
            WHERE coarse IN ('received', 'under_review');
        CREATE INDEX ix_requests_waiting ON requests (caisse, queue, due_on, id)
            WHERE assigned_to IS NULL AND coarse IN ('received', 'redirected', 'under_review');
        """
    )
