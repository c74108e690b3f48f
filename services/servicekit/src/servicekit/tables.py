"""The tables every service has beside its own: facts, cursors, idempotency, journal.

Created by each service's first migration through `schema.create_foundation`; frozen there, mirrored here.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def done(verb: str, *, always: bool = True) -> tuple[Column[Any], Column[Any]]:
    """Return who did something and when: `<verb>_by`, the `sub` of a token, and `<verb>_at`."""
    return (
        Column(f"{verb}_by", Text, nullable=not always),
        Column(f"{verb}_at", DateTime(timezone=True), nullable=not always),
    )


foundation = MetaData(naming_convention=NAMING_CONVENTION)


facts = Table(
    "facts",
    foundation,
    Column("id", UUID, primary_key=True),
    # Order of writing. Taken while the transaction holds its row locks, so of two changes of one row the
    # first has the lower number; a transaction id is often taken before the lock and would invert them.
    Column("written", BigInteger, Identity(always=True), nullable=False),
    Column("position", BigInteger, unique=True),
    Column("type", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("caisse", Text, nullable=False),
    Column("subject", JSONB, nullable=False),
    Column("payload", JSONB, nullable=False),
    Index("ix_facts_unstamped", "written", postgresql_where=text("position IS NULL")),
)

cursors = Table(
    "cursors",
    foundation,
    Column("source", Text, primary_key=True),
    Column("cursor", Text),  # as the source gave it, opaque; null: nothing read yet
    Column("moved_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

idempotency = Table(
    "idempotency",
    foundation,
    Column("client", Text, primary_key=True),
    Column("sub", Text, primary_key=True),
    Column("route", Text, primary_key=True),
    Column("key", UUID, primary_key=True),
    Column("body_sha256", LargeBinary, nullable=False),
    Column("status", Integer),
    Column("response", LargeBinary),
    Column("etag", Text),
    Column(
        "expires_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=text("now() + interval '72 hours'"),
    ),
    Index(None, "expires_at"),
)

journal = Table(
    "journal",
    foundation,
    Column("id", UUID, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("actor", Text, nullable=False),
    Column("client", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("caisse", Text, nullable=False),
    Column("structure", UUID),
    Column("unit", Text),
    Column("session_hash", Text, nullable=False),
    Column("txn", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("resource", Text),
    Column("resource_ids", ARRAY(UUID), nullable=False),
    Column("subjects", ARRAY(UUID), nullable=False),
    Column("fields", ARRAY(Text), nullable=False),
    Column("status", Integer, nullable=False),
    Column("before_sha256", LargeBinary),
    Column("after_sha256", LargeBinary),
    Index(None, "at"),
    Index(None, "subjects", postgresql_using="gin"),
)
