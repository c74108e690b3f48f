"""What a person needs to understand, to be received, to be reached without risk: codes on the record."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ADD = """
ALTER TABLE persons
    ADD COLUMN access_needs text[] NOT NULL DEFAULT '{}'
        CONSTRAINT ck_persons_access_needs_codes CHECK (access_needs <@ ARRAY['accompanied', 'cannot_travel',
            'easy_to_read', 'explained_aloud', 'step_free_access', 'written_exchanges']::text[]),
    ADD COLUMN cautions text[] NOT NULL DEFAULT '{}'
        CONSTRAINT ck_persons_cautions_codes CHECK (cautions <@ ARRAY['no_home_mail', 'no_home_visit', 'no_sms',
            'no_voice_message', 'person_only']::text[]),
    ADD COLUMN safe_moments text[] NOT NULL DEFAULT '{}'
        CONSTRAINT ck_persons_safe_moments_codes CHECK (safe_moments <@ ARRAY['saturday', 'weekday_afternoon',
            'weekday_evening', 'weekday_midday', 'weekday_morning']::text[]);
"""


def upgrade() -> None:
    op.execute(_ADD)


def downgrade() -> None:
    op.execute("ALTER TABLE persons DROP COLUMN access_needs, DROP COLUMN cautions, DROP COLUMN safe_moments")
