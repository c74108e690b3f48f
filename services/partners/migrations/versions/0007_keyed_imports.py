"""What was imported is recognised by a keyed digest, and may be imported again once it is gone."""

from servicekit.works.schema import key_imports, unkey_imports

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key_imports("partners")


def downgrade() -> None:
    unkey_imports("partners")
