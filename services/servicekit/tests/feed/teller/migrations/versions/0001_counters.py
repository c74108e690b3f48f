"""Foundation and counters."""

from alembic import op

from servicekit.schema import create_foundation

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_foundation("teller")
    op.execute("CREATE TABLE counters (id uuid CONSTRAINT pk_counters PRIMARY KEY, value integer NOT NULL)")
    op.execute("GRANT SELECT, INSERT, UPDATE ON counters TO teller_system")


def downgrade() -> None:
    raise NotImplementedError("the first migration is not undone: drop the database")
