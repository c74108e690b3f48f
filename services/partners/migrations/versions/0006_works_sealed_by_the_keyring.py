"""Works are sealed by the keyring, can be revoked, and their exports re-read."""

from servicekit.works.schema import revise_works, unrevise_works

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    revise_works("partners")


def downgrade() -> None:
    unrevise_works("partners")
