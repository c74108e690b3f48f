"""The tables of documents, as a service's models and its migration have them.

`case_id` is what the document hangs on: a row of the service's own table. `side` is the audience of its author.
"""

from typing import Any, Final

from alembic import op
from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)

from servicekit.documents.keyring import Secrecy
from servicekit.documents.kinds import MediaType
from servicekit.documents.lifecycle import DocumentState
from servicekit.schema import SAME_CAISSE, SAME_STRUCTURE, Policy, secure

_AT: Final = DateTime(timezone=True)


def _codes(column: str, values: Any) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in sorted(values))
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_code")


def declare(metadata: MetaData, case: str) -> Table:
    """Add the tables to a service's models; `case` is the table whose rows documents hang on.

    It has a unique (caisse, id, structure_id), so that a document cannot be hung on another structure's row.
    """
    documents = Table(
        "documents",
        metadata,
        Column("caisse", Text, nullable=False),
        Column("id", Uuid, nullable=False),
        Column("case_id", Uuid, nullable=False),
        Column("structure_id", Uuid),
        Column("side", Text, nullable=False),
        Column("author", Text, nullable=False),
        Column("item", Text, nullable=False),
        Column("secrecy", Text, nullable=False),
        Column("name", Text),
        Column("media_type", Text, nullable=False),
        Column("size_bytes", Integer, nullable=False),
        Column("state", Text, nullable=False),
        Column("refused_for", Text),
        Column("blob", Uuid),
        Column("announced_at", _AT, nullable=False),
        Column("kept_at", _AT),
        Column("scanned_at", _AT),
        Column("ended_at", _AT),
        PrimaryKeyConstraint("caisse", "id"),
        ForeignKeyConstraint(["caisse", "case_id"], [f"{case}.caisse", f"{case}.id"]),
        ForeignKeyConstraint(
            ["caisse", "case_id", "structure_id"], [f"{case}.caisse", f"{case}.id", f"{case}.structure_id"]
        ),
        _codes("state", DocumentState),
        _codes("secrecy", Secrecy),
        _codes("media_type", MediaType),
        _codes("side", ("agent", "partner")),
        CheckConstraint("(state IN ('quarantine', 'available')) = (blob IS NOT NULL)", name="content_while_kept"),
        CheckConstraint("(state = 'refused') = (refused_for IS NOT NULL)", name="refused_for_a_reason"),
        CheckConstraint("state <> 'erased' OR name IS NULL", name="name_forgotten"),
        Index("ix_documents_case", "caisse", "case_id"),
        Index("ix_documents_sent", "caisse", "structure_id", "announced_at"),
        Index("ix_documents_unfinished", "announced_at", postgresql_where=text("state IN ('announced', 'refused')")),
        Index("ix_documents_blob", "blob", postgresql_where=text("blob IS NOT NULL")),
        Index("ix_documents_scanned", "scanned_at", postgresql_where=text("blob IS NOT NULL")),
    )
    Table(
        "document_keys",
        metadata,
        Column("caisse", Text, nullable=False),
        Column("document_id", Uuid, nullable=False),
        Column("structure_id", Uuid),
        Column("key_id", Text, nullable=False),
        Column("wrapped", LargeBinary, nullable=False),
        PrimaryKeyConstraint("caisse", "document_id"),
        ForeignKeyConstraint(["caisse", "document_id"], ["documents.caisse", "documents.id"], ondelete="CASCADE"),
    )
    Table(
        "document_tickets",
        metadata,
        Column("token_hash", LargeBinary, nullable=False),
        Column("caisse", Text, nullable=False),
        Column("document_id", Uuid, nullable=False),
        Column("sub", Text, nullable=False),
        Column("session_hash", Text, nullable=False),
        Column("purpose", Text, nullable=False),
        Column("expires_at", _AT, nullable=False),
        PrimaryKeyConstraint("caisse", "token_hash"),
        Index(None, "expires_at"),
    )
    return documents


_DDL: Final = """
CREATE TABLE documents (
    caisse text NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    structure_id uuid,
    side text NOT NULL,
    author text NOT NULL,
    item text NOT NULL,
    secrecy text NOT NULL,
    name text,
    media_type text NOT NULL,
    size_bytes integer NOT NULL,
    state text NOT NULL,
    refused_for text,
    blob uuid,
    announced_at timestamptz NOT NULL,
    kept_at timestamptz,
    scanned_at timestamptz,
    ended_at timestamptz,
    CONSTRAINT pk_documents PRIMARY KEY (caisse, id),
    CONSTRAINT fk_documents_caisse_case_id_{case} FOREIGN KEY (caisse, case_id) REFERENCES {case} (caisse, id),
    CONSTRAINT fk_documents_caisse_case_id_structure_id_{case} FOREIGN KEY (caisse, case_id, structure_id)
        REFERENCES {case} (caisse, id, structure_id),
    CONSTRAINT ck_documents_state_code CHECK (state IN ('announced', 'available', 'erased', 'quarantine', 'refused')),
    CONSTRAINT ck_documents_secrecy_code CHECK (secrecy IN ('medical', 'ordinary', 'social')),
    CONSTRAINT ck_documents_media_type_code CHECK (media_type IN ('application/pdf', 'image/jpeg', 'image/png')),
    CONSTRAINT ck_documents_side_code CHECK (side IN ('agent', 'partner')),
    CONSTRAINT ck_documents_content_while_kept CHECK ((state IN ('quarantine', 'available')) = (blob IS NOT NULL)),
    CONSTRAINT ck_documents_refused_for_a_reason CHECK ((state = 'refused') = (refused_for IS NOT NULL)),
    CONSTRAINT ck_documents_name_forgotten CHECK (state <> 'erased' OR name IS NULL)
);
CREATE INDEX ix_documents_case ON documents (caisse, case_id);
CREATE INDEX ix_documents_sent ON documents (caisse, structure_id, announced_at);
CREATE INDEX ix_documents_unfinished ON documents (announced_at) WHERE state IN ('announced', 'refused');
CREATE INDEX ix_documents_blob ON documents (blob) WHERE blob IS NOT NULL;
CREATE INDEX ix_documents_scanned ON documents (scanned_at) WHERE blob IS NOT NULL;

CREATE TABLE document_keys (
    caisse text NOT NULL,
    document_id uuid NOT NULL,
    structure_id uuid,
    key_id text NOT NULL,
    wrapped bytea NOT NULL,
    CONSTRAINT pk_document_keys PRIMARY KEY (caisse, document_id),
    CONSTRAINT fk_document_keys_caisse_document_id_documents FOREIGN KEY (caisse, document_id)
        REFERENCES documents (caisse, id) ON DELETE CASCADE
);

CREATE TABLE document_tickets (
    token_hash bytea NOT NULL,
    caisse text NOT NULL,
    document_id uuid NOT NULL,
    sub text NOT NULL,
    session_hash text NOT NULL,
    purpose text NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pk_document_tickets PRIMARY KEY (caisse, token_hash)
);
CREATE INDEX ix_document_tickets_expires_at ON document_tickets (expires_at);
"""


def create_documents(service: str, case: str) -> None:
    """Create the tables and their policies; for a migration of a service whose `case` table exists."""
    op.execute(_DDL.format(case=case))
    rows = {"partner": SAME_STRUCTURE, "agent": SAME_CAISSE}
    secure(service, "documents", {who: Policy("SELECT, INSERT, UPDATE", where) for who, where in rows.items()})
    secure(service, "document_keys", {who: Policy("SELECT, INSERT, DELETE", where) for who, where in rows.items()})
    own = f"{SAME_CAISSE} AND sub = current_setting('app.sub', true)"
    secure(service, "document_tickets", dict.fromkeys(rows, Policy("SELECT, INSERT, DELETE", own)))


def drop_documents() -> None:
    """Undo `create_documents`."""
    for table in ("document_tickets", "document_keys", "documents"):
        op.execute(f"DROP TABLE {table}")
