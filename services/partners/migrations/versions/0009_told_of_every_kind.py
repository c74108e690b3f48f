"""What happens to every kind of request is told: completion, answer, end, lateness."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KINDS = """
    'appointment_cancelled', 'appointment_changed_by_partner', 'appointment_moved', 'appointment_near',
    'completion_asked', 'consent_expired', 'consent_withdrawn', 'document_from_caisse',
    'document_from_partner', 'first_contact_late', 'letter_received', 'message_from_caisse',
    'message_from_partner', 'request_accepted', 'request_answered', 'request_closed', 'request_completed',
    'request_late', 'request_redirected', 'request_refused', 'request_reopened', 'request_taken',
    'request_withdrawn'
"""
_NEW = """
    'completion_asked', 'request_answered', 'request_closed', 'request_completed', 'request_late', 'request_reopened'
"""


def upgrade() -> None:
    for table in ("notifications", "notification_choices"):
        check = f"ck_{table}_kind_code"
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {check}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {check} CHECK (kind IN ({_KINDS}))")


def downgrade() -> None:
    for table in ("notifications", "notification_choices"):
        check = f"ck_{table}_kind_code"
        op.execute(f"DELETE FROM {table} WHERE kind IN ({_NEW})")
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {check}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {check} CHECK (kind IN ({_KINDS}) AND kind NOT IN ({_NEW}))")
