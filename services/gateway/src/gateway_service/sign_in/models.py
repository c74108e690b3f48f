"""Tables of sign-in. No tenant lives here: one database role, `gateway_system`, reads and writes them all.

What can be used to come in is never in clear: passwords and recovery codes are Argon2id hashes, cookies and
links are SHA-256 of 256 random bits, TOTP secrets and e-mail addresses are sealed (`sealing.py`).
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from gateway_service.base import Base


class Account(Base):
    """A person's account, as the facts of `partners` tell it. Ids only, no name."""

    __tablename__ = "accounts"
    __table_args__ = (CheckConstraint("state IN ('active', 'suspended', 'closed')", name="state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str]


class Structure(Base):
    """What a partner structure's state does to the people who act for it."""

    __tablename__ = "structures"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str]


class Body(Base):
    """In which time zone a caisse counts the days of its roles."""

    __tablename__ = "bodies"

    code: Mapped[str] = mapped_column(primary_key=True)
    time_zone: Mapped[str]


class Assignment(Base):
    """One role of one account in one caisse (and structure or unit), between two dates."""

    __tablename__ = "assignments"
    __table_args__ = (
        CheckConstraint("audience IN ('partner', 'agent', 'officer', 'pilot')", name="audience"),
        CheckConstraint("(audience = 'partner') = (structure_id IS NOT NULL)", name="structure_iff_partner"),
        Index("ix_assignments_account_id", "account_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    audience: Mapped[str]
    role: Mapped[str]
    caisse: Mapped[str]
    structure_id: Mapped[UUID | None]
    unit: Mapped[str | None]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]


class Credential(Base):
    """What an account signs in with: an address (sealed, found by its keyed hash) and a password."""

    __tablename__ = "credentials"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    email_key: Mapped[bytes] = mapped_column(unique=True)
    email_sealed: Mapped[bytes]
    password_hash: Mapped[str]
    password_changed_at: Mapped[datetime]
    enrol_until_at: Mapped[datetime]
    """Without a second factor by then, the account must be invited again."""
    created_at: Mapped[datetime]
    last_assignment_id: Mapped[UUID | None]
    """The role acted under last, with which the next session opens if it still stands."""


class Factor(Base):
    """A second factor: a TOTP generator or a passkey."""

    __tablename__ = "factors"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'totp' AND secret_sealed IS NOT NULL AND credential_id IS NULL AND public_key IS NULL)"
            " OR (kind = 'passkey' AND secret_sealed IS NULL AND credential_id IS NOT NULL"
            " AND public_key IS NOT NULL AND sign_count IS NOT NULL)",
            name="kind",
        ),
        Index("ix_factors_account_id", "account_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credentials.account_id", ondelete="CASCADE"))
    kind: Mapped[str]
    label: Mapped[str]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    secret_sealed: Mapped[bytes | None]
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    """The last 30 s step whose code was accepted: a code works once."""
    credential_id: Mapped[bytes | None] = mapped_column(unique=True)
    public_key: Mapped[bytes | None]
    sign_count: Mapped[int | None] = mapped_column(BigInteger)
    transports: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    backed_up: Mapped[bool | None]


class RecoveryCode(Base):
    """One of ten codes for the day the second factor is lost. `slot` finds it, the hash proves it."""

    __tablename__ = "recovery_codes"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("credentials.account_id", ondelete="CASCADE"), primary_key=True)
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    code_hash: Mapped[str]
    created_at: Mapped[datetime]
    burned_at: Mapped[datetime | None]


class Invitation(Base):
    """A first connection offered by `partners`, under the id that `partners` gave it.

    The address comes by handover; the token is made when its e-mail is sent and only its hash stays.
    """

    __tablename__ = "invitations"
    __table_args__ = (Index("ix_invitations_account_id", "account_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    email_sealed: Mapped[bytes | None]
    token_hash: Mapped[bytes | None] = mapped_column(unique=True)
    expires_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class PasswordReset(Base):
    """A forgotten password: a link of 20 minutes, used once, that never replaces the second factor."""

    __tablename__ = "password_resets"
    __table_args__ = (Index("ix_password_resets_account_id", "account_id"),)

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("credentials.account_id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Session(Base):
    """A session of a browser. The cookie's SHA-256 changes at each rise in trust, the id stays."""

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("state IN ('second_factor', 'enrolment', 'open')", name="state"),
        CheckConstraint("(state = 'open') = (auth_time IS NOT NULL)", name="open_iff_authenticated"),
        Index("ix_sessions_account_id", "account_id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_sessions_expires_at", "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    cookie_hash: Mapped[bytes] = mapped_column(unique=True)
    state: Mapped[str]
    assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignments.id"))
    factor: Mapped[str | None]
    auth_time: Mapped[datetime | None]
    stepup_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    device: Mapped[str]
    """Browser and system in two words, so that people recognise their own sessions."""
    address: Mapped[str]
    """Truncated IP address."""


class Challenge(Base):
    """What was asked of a browser and must be answered once, soon, in the same session."""

    __tablename__ = "challenges"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    purpose: Mapped[str] = mapped_column(primary_key=True)
    content_sealed: Mapped[bytes]
    expires_at: Mapped[datetime]


class Attempt(Base):
    """One guess that counts against a throttle. `key` is a keyed hash: of an address, an account, an IP."""

    __tablename__ = "attempts"
    __table_args__ = (
        Index("ix_attempts_throttle_key_at", "throttle", "key", "at"),
        Index("ix_attempts_at", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    throttle: Mapped[str]
    key: Mapped[bytes]
    at: Mapped[datetime]


class SignInEvent(Base):
    """The journal of sign-ins: no address in clear, a truncated IP. Rows are only ever added."""

    __tablename__ = "sign_in_events"
    __table_args__ = (
        Index("ix_sign_in_events_account_id_at", "account_id", "at"),
        Index("ix_sign_in_events_at", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    event: Mapped[str]
    account_id: Mapped[UUID | None]
    session_id: Mapped[UUID | None]
    email_hash: Mapped[bytes | None]
    detail: Mapped[str | None]
    """A coded precision (which throttle, which factor); never free text."""
    address: Mapped[str]
    txn: Mapped[str]
