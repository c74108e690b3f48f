"""What left about a person: what nothing remembered yet, and the columns that the protection officer reads."""

from alembic import op

from servicekit.schema import SAME_CAISSE, SAME_STRUCTURE, Policy, secure

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE person_disclosures (
    caisse text NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    request_id uuid,
    structure_id uuid,
    at timestamptz NOT NULL,
    item text NOT NULL,
    recipient_kind text NOT NULL,
    recipient text NOT NULL,
    actor text NOT NULL,
    CONSTRAINT pk_person_disclosures PRIMARY KEY (caisse, id),
    CONSTRAINT fk_person_disclosures_caisse_person_id_persons FOREIGN KEY (caisse, person_id)
        REFERENCES persons (caisse, id) ON DELETE CASCADE,
    CONSTRAINT ck_person_disclosures_item_code CHECK (item IN ('document', 'export', 'handover', 'letter', 'message',
        'reception', 'redirection', 'request')),
    CONSTRAINT ck_person_disclosures_recipient_kind_code CHECK (recipient_kind IN ('body', 'person', 'service',
        'structure'))
);
CREATE INDEX ix_person_disclosures_person ON person_disclosures (caisse, person_id, at);
"""

# Neither the register nor what people wrote: the officer answers what left, to whom, when.
_OF_OFFICER = {
    "requests": "caisse, id, person_id, number, structure_id, submitted_at",
    "request_transitions": "caisse, request_id, id, structure_id, at, side, verb, target, target_body",
    "request_messages": "caisse, request_id, id, structure_id, at, side",
    "documents": "caisse, id, case_id, structure_id, side, item, kept_at",
    "letters": "caisse, id, about, structure_id, kind, made_at",
    "consents": "caisse, id, request_id, informed_on, channel, state, withdrawn_on, recorded_at",
    "person_disclosures": "caisse, id, person_id, request_id, structure_id, at, item, recipient_kind, recipient",
}


def upgrade() -> None:
    op.execute(_TABLE)
    add = "SELECT, INSERT"
    secure(
        "referrals",
        "person_disclosures",
        {"partner": Policy(add, SAME_STRUCTURE), "agent": Policy(add, SAME_CAISSE)},
    )
    for table, columns in _OF_OFFICER.items():
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO referrals_officer")
        op.execute(f"CREATE POLICY officer_select ON {table} FOR SELECT TO referrals_officer USING ({SAME_CAISSE})")


def downgrade() -> None:
    for table, columns in _OF_OFFICER.items():
        op.execute(f"DROP POLICY officer_select ON {table}")
        op.execute(f"REVOKE SELECT ({columns}) ON {table} FROM referrals_officer")
    op.execute("DROP TABLE person_disclosures")
