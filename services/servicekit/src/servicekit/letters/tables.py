"""The tables of letters, made by `create_letters` in a migration of the service that writes them.

`number` counts the versions of a template, of a letterhead; `version` is what `If-Match` compares. What a letter
is `about` is the service's own row; `structure_id` is set when the structure may read the letter too.
"""

from collections.abc import Iterable
from importlib.resources import files

from alembic import op
from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from servicekit.schema import SAME_CAISSE, SAME_STRUCTURE, Policy, allow, secure
from servicekit.tables import NAMING_CONVENTION

_letters = MetaData(naming_convention=NAMING_CONVENTION)
_AT = DateTime(timezone=True)

templates = Table(
    "letter_templates",
    _letters,
    Column("caisse", Text, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("note", Text),
    Column("valid_from", Date),
    Column("created_by", Text, nullable=False),
    Column("created_at", _AT, nullable=False),
    Column("updated_by", Text, nullable=False),
    Column("updated_at", _AT, nullable=False),
    Column("published_by", Text),
    Column("published_at", _AT),
    UniqueConstraint("caisse", "kind", "language", "number", name="uq_letter_templates_caisse_kind_language_number"),
    Index(
        "uq_letter_templates_draft",
        "caisse",
        "kind",
        "language",
        unique=True,
        postgresql_where=text("state = 'draft'"),
    ),
    CheckConstraint("state IN ('draft', 'published')", name="state"),
)

letterheads = Table(
    "letterheads",
    _letters,
    Column("caisse", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("head", JSONB, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", _AT, nullable=False),
)

batches = Table(
    "letter_batches",
    _letters,
    Column("caisse", Text, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("total", Integer, nullable=False),
    Column("printed", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", _AT, nullable=False),
    Column("finished_at", _AT),
)

letters = Table(
    "letters",
    _letters,
    Column("caisse", Text, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("about", Uuid, nullable=False),
    Column("structure_id", Uuid),
    Column("batch_id", Uuid),
    Column("kind", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("template_number", Integer, nullable=False),
    Column("snapshot", JSONB, nullable=False),
    Column("sha256", LargeBinary),
    Column("refusal", Text),
    Column("made_by", Text, nullable=False),
    Column("made_at", _AT, nullable=False),
    ForeignKeyConstraint(["caisse", "batch_id"], ["letter_batches.caisse", "letter_batches.id"]),
    Index("ix_letters_about", "caisse", "about", "id"),
    Index(
        "uq_letters_batch",
        "caisse",
        "batch_id",
        "about",
        unique=True,
        postgresql_where=text("batch_id IS NOT NULL"),
    ),
    Index(
        "ix_letters_to_print",
        "caisse",
        "batch_id",
        "id",
        postgresql_where=text("sha256 IS NULL AND refusal IS NULL"),
    ),
)


def attach(metadata: MetaData) -> None:
    """Make these tables part of a service's own, for the check that models and database agree."""
    for table in (templates, letterheads, batches, letters):
        table.to_metadata(metadata)


def create_letters(service: str, editors: Iterable[str]) -> None:
    """Create the tables, in a migration; `editors` are the agents' roles that write templates.

    A partner reads published templates (a sheet to print) and the letters that name its structure.
    """
    op.execute((files("servicekit") / "data/letters_v1.sql").read_text(encoding="utf-8"))
    roles = ", ".join(f"'{role}'" for role in sorted(editors))
    edits = f"{SAME_CAISSE} AND current_setting('app.role', true) IN ({roles})"
    for table, verbs in (("letter_templates", "INSERT, UPDATE, DELETE"), ("letterheads", "INSERT")):
        secure(service, table, {"agent": Policy("SELECT", SAME_CAISSE)})
        allow(service, table, "agent", Policy(verbs, edits))
    allow(service, "letter_templates", "partner", Policy("SELECT", f"{SAME_CAISSE} AND state = 'published'"))
    allow(service, "letterheads", "partner", Policy("SELECT", SAME_CAISSE))
    secure(service, "letter_batches", {"agent": Policy("SELECT, INSERT", SAME_CAISSE)})
    secure(
        service,
        "letters",
        {"agent": Policy("SELECT, INSERT", SAME_CAISSE), "partner": Policy("SELECT", SAME_STRUCTURE)},
    )


def drop_letters() -> None:
    """Undo `create_letters`."""
    op.execute("DROP TABLE letters, letter_batches, letterheads, letter_templates")
