"""Works are sealed by the keyring, stop when who asked may no longer act, and their exports can be re-read."""

from alembic import op

from servicekit.schema import Policy, secure
from servicekit.works.schema import revise_works, unrevise_works

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE partner_assignments (
    caisse text,
    id uuid,
    account uuid NOT NULL,
    structure_id uuid NOT NULL,
    role text NOT NULL,
    from_on date NOT NULL,
    until_on date,
    ended_on date,
    CONSTRAINT pk_partner_assignments PRIMARY KEY (caisse, id)
);
CREATE INDEX ix_partner_assignments_caisse_account ON partner_assignments (caisse, account) WHERE ended_on IS NULL;
CREATE TABLE shut_accounts (
    account uuid,
    CONSTRAINT pk_shut_accounts PRIMARY KEY (account)
);
"""


def upgrade() -> None:
    revise_works("referrals")
    op.execute(_TABLES)
    secure("referrals", "partner_assignments", {})
    secure("referrals", "shut_accounts", {"agent": Policy("SELECT", "true")})
    # What was told before these tables were there is read again, over what is known already.
    op.execute("UPDATE cursors SET cursor = NULL WHERE source = 'partners'")


def downgrade() -> None:
    op.execute("DROP TABLE shut_accounts, partner_assignments")
    unrevise_works("referrals")
