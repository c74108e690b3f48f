"""Letters: templates, letterhead, batches and what was produced."""

from servicekit.letters.tables import create_letters, drop_letters

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_letters("referrals", editors=("coordinateur", "responsable_unite", "secretaire"))


def downgrade() -> None:
    drop_letters()
