"""Foundation and effects."""

from alembic import op

from servicekit.schema import create_foundation

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_foundation("listener")
    op.execute(
        """
        CREATE TABLE effects (
            number bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_effects PRIMARY KEY,
            fact_id uuid NOT NULL,
            counter uuid NOT NULL,
            value integer NOT NULL
        )
        """
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON effects TO listener_system")


def downgrade() -> None:
    raise NotImplementedError("the first migration is not undone: drop the database")
