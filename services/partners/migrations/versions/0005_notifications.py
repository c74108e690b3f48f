"""Notifications: what was told to whom, how people want it, and what became of each e-mail."""

from alembic import op

from servicekit.schema import SAME_CAISSE, Policy, allow, secure

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE followed_requests (
    caisse text NOT NULL,
    request_id uuid NOT NULL,
    assigned_to uuid,
    CONSTRAINT pk_followed_requests PRIMARY KEY (caisse, request_id)
);

CREATE TABLE notifications (
    caisse text NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL CONSTRAINT fk_notifications_account_id_accounts REFERENCES accounts (id),
    audience text NOT NULL,
    structure_id uuid,
    kind text NOT NULL,
    request_id uuid,
    appointment_id uuid,
    fact_id uuid NOT NULL,
    at timestamptz NOT NULL,
    read_at timestamptz,
    mailing text NOT NULL,
    CONSTRAINT pk_notifications PRIMARY KEY (caisse, id),
    CONSTRAINT ck_notifications_kind_code CHECK (kind IN (
        'appointment_cancelled', 'appointment_changed_by_partner', 'appointment_moved', 'appointment_near',
        'document_from_caisse', 'document_from_partner', 'first_contact_late', 'letter_received',
        'message_from_caisse', 'message_from_partner', 'request_accepted', 'request_redirected',
        'request_refused', 'request_taken', 'request_withdrawn')),
    CONSTRAINT ck_notifications_mailing_code CHECK (mailing IN ('asked', 'for_digest', 'in_digest', 'none')),
    CONSTRAINT ck_notifications_about CHECK (request_id IS NOT NULL OR appointment_id IS NOT NULL)
);
CREATE UNIQUE INDEX uq_notifications_fact ON notifications (caisse, account_id, fact_id);
CREATE INDEX ix_notifications_mine ON notifications (caisse, account_id, at DESC, id DESC);
CREATE INDEX ix_notifications_unread ON notifications (caisse, account_id) WHERE read_at IS NULL;
CREATE INDEX ix_notifications_digest ON notifications (account_id) WHERE mailing = 'for_digest';

CREATE TABLE notification_choices (
    account_id uuid NOT NULL CONSTRAINT fk_notification_choices_account_id_accounts REFERENCES accounts (id),
    kind text NOT NULL,
    channel text NOT NULL,
    CONSTRAINT pk_notification_choices PRIMARY KEY (account_id, kind),
    CONSTRAINT ck_notification_choices_kind_code CHECK (kind IN (
        'appointment_cancelled', 'appointment_changed_by_partner', 'appointment_moved', 'appointment_near',
        'document_from_caisse', 'document_from_partner', 'first_contact_late', 'letter_received',
        'message_from_caisse', 'message_from_partner', 'request_accepted', 'request_redirected',
        'request_refused', 'request_taken', 'request_withdrawn')),
    CONSTRAINT ck_notification_choices_channel_code CHECK (channel IN ('application', 'digest', 'email', 'none'))
);

CREATE TABLE notification_mails (
    caisse text NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL CONSTRAINT fk_notification_mails_account_id_accounts REFERENCES accounts (id),
    count integer NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    refused_with integer,
    created_at timestamptz NOT NULL,
    done_at timestamptz,
    CONSTRAINT pk_notification_mails PRIMARY KEY (caisse, id),
    CONSTRAINT ck_notification_mails_state_code CHECK (state IN ('sent', 'undelivered', 'waiting'))
);
CREATE INDEX ix_notification_mails_id ON notification_mails (id);
CREATE INDEX ix_notification_mails_undelivered ON notification_mails (caisse, id) WHERE state = 'undelivered';
"""

MINE = "account_id = nullif(current_setting('app.sub', true), '')::uuid"
DESK = f"{SAME_CAISSE} AND current_setting('app.role', true) IN ('coordinateur', 'responsable_unite')"


def upgrade() -> None:
    op.execute(TABLES)
    secure("partners", "followed_requests", {})
    for table, verbs, rows in (
        ("notifications", "SELECT, UPDATE", f"{SAME_CAISSE} AND {MINE}"),
        ("notification_choices", "SELECT, INSERT, UPDATE", MINE),
    ):
        secure("partners", table, dict.fromkeys(("partner", "agent"), Policy(verbs, rows)))
    secure("partners", "notification_mails", {})
    allow("partners", "notification_mails", "agent", Policy("SELECT", DESK))


def downgrade() -> None:
    op.execute("DROP TABLE notification_mails, notification_choices, notifications, followed_requests")
