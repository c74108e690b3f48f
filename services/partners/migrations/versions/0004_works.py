"""Works that people follow: imports and exports of structures first."""

from servicekit.works.schema import create_works, drop_works

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_works("partners")


def downgrade() -> None:
    drop_works()
