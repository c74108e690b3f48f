"""Read models of `partners` and `referrals`, rebuilt at will from their feeds: ids, codes and dates, no name."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from accompaniments_service.base import Base


class BodyClock(Base):
    """Where a body counts its days: its first department (public holidays) and its time zone."""

    __tablename__ = "body_clocks"

    caisse: Mapped[str] = mapped_column(primary_key=True)
    department: Mapped[str]
    time_zone: Mapped[str]


class PartnerStructure(Base):
    """A structure as the agenda needs it: may its people act now."""

    __tablename__ = "partner_structures"

    caisse: Mapped[str] = mapped_column(primary_key=True)
    structure_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str]


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


class KnownPerson(Base):
    """Somebody of the person register, and the structure that registered them; null when the caisse did."""

    __tablename__ = "known_persons"

    caisse: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    structure_id: Mapped[UUID | None]
