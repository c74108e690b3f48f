"""How often the social service was asked for what it does not take: by structure and day, never who."""

from alembic import op

from servicekit.schema import SAME_CAISSE, SAME_STRUCTURE, Policy, secure

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE refused_motive_counts (
    caisse text,
    id uuid,
    structure_id uuid,
    on_day date NOT NULL,
    motive text NOT NULL,
    times integer NOT NULL,
    CONSTRAINT pk_refused_motive_counts PRIMARY KEY (caisse, id),
    CONSTRAINT uq_refused_motive_counts_caisse_on_day_structure_id_motive
        UNIQUE NULLS NOT DISTINCT (caisse, on_day, structure_id, motive),
    CONSTRAINT ck_refused_motive_counts_counted CHECK (times > 0),
    CONSTRAINT ck_refused_motive_counts_motive_code CHECK (motive IN (
        'aide_appareillage', 'aide_domicile_retraites', 'apa', 'attestation_employeur', 'carte_vitale',
        'css_ame_complementaire', 'logement', 'maternite', 'retraite', 'sans_titre_sejour'
    ))
);
"""
_ADD = "SELECT, INSERT, UPDATE"


def upgrade() -> None:
    op.execute(_TABLE)
    secure(
        "referrals",
        "refused_motive_counts",
        {
            "partner": Policy(_ADD, SAME_STRUCTURE),
            "agent": Policy(_ADD, SAME_CAISSE),
            "app": Policy(_ADD, SAME_CAISSE),
        },
    )


def downgrade() -> None:
    op.execute("DROP TABLE refused_motive_counts")
