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
from servicekit.tables import NAMING_CONVENTION, done

_letters = MetaData(naming_convention=NAMING_CONVENTION)

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
    *done("created"),
    *done("updated"),
    *done("published", always=False),
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
    *done("created"),
)

letters = Table(
    "letters",
    _letters,
    Column("caisse", Text, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("about", Uuid, nullable=False),
    Column("structure_id", Uuid),
    Column("batch_id", Uuid),  # the work that made it; its row goes after a year, the letter stays
    Column("kind", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("template_number", Integer, nullable=False),
    Column("snapshot", JSONB, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    *done("made"),
    Index("ix_letters_about", "caisse", "about", "id"),
    Index(
        "uq_letters_batch",
        "caisse",
        "batch_id",
        "about",
        unique=True,
        postgresql_where=text("batch_id IS NOT NULL"),
    ),
)


def attach(metadata: MetaData) -> None:
    """Make these tables part of a service's own, for the check that models and database agree."""
    for table in (templates, letterheads, letters):
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


def batches_to_works() -> None:
    """Leave batches to `servicekit.works`: letters are only those that were made. For a later migration.

    A batch under way is given up; whoever asked for it sees which letters were made.
    """
    op.execute(
        """
        DELETE FROM letters WHERE sha256 IS NULL;
        DROP INDEX ix_letters_to_print;
        ALTER TABLE letters
            DROP CONSTRAINT ck_letters_printed_or_refused,
            DROP CONSTRAINT fk_letters_caisse_batch_id_letter_batches,
            DROP COLUMN refusal,
            ALTER COLUMN sha256 SET NOT NULL;
        DROP TABLE letter_batches;
        """
    )


def works_to_batches(service: str) -> None:
    """Undo `batches_to_works`: the letters stay, without their batches."""
    first = (files("servicekit") / "data/letters_v1.sql").read_text(encoding="utf-8")
    table = first[first.index("CREATE TABLE letter_batches") : first.index("CREATE TABLE letters")]
    op.execute(table)
    op.execute(
        """
        UPDATE letters SET batch_id = NULL;
        ALTER TABLE letters
            ADD COLUMN refusal text,
            ALTER COLUMN sha256 DROP NOT NULL,
            ADD CONSTRAINT ck_letters_printed_or_refused CHECK (sha256 IS NULL OR refusal IS NULL),
            ADD CONSTRAINT fk_letters_caisse_batch_id_letter_batches FOREIGN KEY (caisse, batch_id)
                REFERENCES letter_batches (caisse, id);
        CREATE INDEX ix_letters_to_print ON letters (caisse, batch_id, id) WHERE sha256 IS NULL AND refusal IS NULL;
        """
    )
    secure(service, "letter_batches", {"agent": Policy("SELECT, INSERT", SAME_CAISSE)})
