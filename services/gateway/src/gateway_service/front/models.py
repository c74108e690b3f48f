"""Tables of the front: signing keys, internal applications and their grants, proofs used, the request journal."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gateway_service.base import Base


class SigningKeyRow(Base):
    """A key that signs internal tokens; published from its making, used from `use_from_at`."""

    __tablename__ = "signing_keys"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kid: Mapped[str] = mapped_column(unique=True)
    public_jwk: Mapped[dict[str, str]] = mapped_column(JSONB)
    private_sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    use_from_at: Mapped[datetime]


class Application(Base):
    """An internal application of a caisse, known by its public key; `id` is its client id (`app-…`)."""

    __tablename__ = "applications"
    __table_args__ = (
        CheckConstraint("id LIKE 'app-%'", name="id"),
        CheckConstraint("state IN ('active', 'suspended')", name="state"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    caisse: Mapped[str]
    """Whose officers look after it; what it may do is in the grants."""
    label: Mapped[str]
    public_jwk: Mapped[dict[str, str]] = mapped_column(JSONB)
    state: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]

    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it once


class ApplicationGrant(Base):
    """What one application may do: one caisse, one service, one purpose, until a day."""

    __tablename__ = "application_grants"
    __table_args__ = (
        Index(
            "uq_application_grants_standing",
            "application_id",
            "caisse",
            "service",
            "purpose",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("applications.id"))
    caisse: Mapped[str]
    service: Mapped[str]
    purpose: Mapped[str]
    until_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]


class UsedAssertion(Base):
    """A client's proof that was accepted: it counts once. Kept until it would have expired."""

    __tablename__ = "used_assertions"
    __table_args__ = (Index("ix_used_assertions_expires_at", "expires_at"),)

    client: Mapped[str] = mapped_column(primary_key=True)
    jti: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]


class RequestEntry(Base):
    """One request through the gateway or one refusal; ids and codes only, the route's template, never its path."""

    __tablename__ = "request_journal"
    __table_args__ = (
        Index("ix_request_journal_at", "at", postgresql_using="brin"),
        Index("ix_request_journal_sub_at", "sub", "at"),
    )

    txn: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    service: Mapped[str]
    method: Mapped[str]
    route: Mapped[str]
    status: Mapped[int] = mapped_column(SmallInteger)
    ms: Mapped[int]
    """Until the answer began, in milliseconds."""
    refusal: Mapped[str]
    """Slug of the gateway's own refusal, empty when it refused nothing."""
    sub: Mapped[str]
    client: Mapped[str]
    audience: Mapped[str]
    role: Mapped[str]
    caisse: Mapped[str]
    structure: Mapped[UUID | None]
    session_hash: Mapped[str]
    address: Mapped[str]
    """Truncated IP address."""
