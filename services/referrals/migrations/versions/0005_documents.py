"""Documents of requests."""

from servicekit.documents.tables import create_documents, drop_documents

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_documents("referrals", case="requests")


def downgrade() -> None:
    drop_documents()
