"""Batches of letters become works."""

from servicekit.letters.tables import batches_to_works, works_to_batches

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    batches_to_works()


def downgrade() -> None:
    works_to_batches("referrals")
