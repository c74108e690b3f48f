"""Read models of `partners`, rebuilt at will from its feed: ids, codes and dates, no name."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from referrals_service.base import Base


class PartnerStructure(Base):
    """A structure as requests need it: is its portal open (ESP-04), may it type a NIR."""

    __tablename__ = "partner_structures"

    caisse: Mapped[str] = mapped_column(primary_key=True)
    structure_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    department: Mapped[str]
    state: Mapped[str]
    portal_opened_on: Mapped[date | None]
    nir_allowed: Mapped[bool]


class PartnerRight(Base):
    """A right held by a structure, or by one of its people when `account` is set; both days counted.

    `ended_on`: taken back, no longer held from that day.
    """

    __tablename__ = "partner_rights"
    __table_args__ = (Index(None, "caisse", "structure_id", "right"),)

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    structure_id: Mapped[UUID]
    account: Mapped[UUID | None]
    right: Mapped[str]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    ended_on: Mapped[date | None]


class AgentAssignment(Base):
    """A role that an agent holds in a caisse, and in which unit; both days counted."""

    __tablename__ = "agent_assignments"
    __table_args__ = (Index(None, "caisse", "account", postgresql_where=text("ended_on IS NULL")),)

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account: Mapped[UUID]
    role: Mapped[str]
    unit: Mapped[str | None]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    ended_on: Mapped[date | None]


class PartnerAssignment(Base):
    """A role that somebody holds in a partner structure; both days counted."""

    __tablename__ = "partner_assignments"
    __table_args__ = (Index(None, "caisse", "account", postgresql_where=text("ended_on IS NULL")),)

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account: Mapped[UUID]
    structure_id: Mapped[UUID]
    role: Mapped[str]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    ended_on: Mapped[date | None]


class ShutAccount(Base):
    """An account that is suspended, or closed for good: no row, no such thing."""

    __tablename__ = "shut_accounts"

    account: Mapped[UUID] = mapped_column(primary_key=True)
