"""Foundation and notes."""

from alembic import op

from servicekit.schema import SAME_CAISSE, SAME_STRUCTURE, Policy, create_foundation, secure

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_foundation("sample")
    op.execute(
        """
        CREATE TABLE notes (
            caisse varchar NOT NULL,
            id uuid NOT NULL,
            structure_id uuid NOT NULL,
            person_id uuid NOT NULL,
            text varchar NOT NULL,
            version integer NOT NULL,
            CONSTRAINT pk_notes PRIMARY KEY (caisse, id)
        )
        """
    )
    secure(
        "sample",
        "notes",
        {"partner": Policy("SELECT, INSERT, UPDATE", SAME_STRUCTURE), "agent": Policy("SELECT", SAME_CAISSE)},
    )


def downgrade() -> None:
    raise NotImplementedError("the first migration is not undone: drop the database")
