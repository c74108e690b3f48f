"""What leaves and that no other table remembers: lines of exports, readings by another service of the product."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from referrals_service.base import Base
from referrals_service.ledger import codes
from servicekit.models import one_of


class Disclosure(Base):
    """Something about a person left, at that moment. Never changed; goes with the person."""

    __tablename__ = "person_disclosures"
    __table_args__ = (
        ForeignKeyConstraint(["caisse", "person_id"], ["persons.caisse", "persons.id"], ondelete="CASCADE"),
        Index("ix_person_disclosures_person", "caisse", "person_id", "at"),
        one_of("item", codes.LedgerItem),
        one_of("recipient_kind", codes.RecipientKind),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    request_id: Mapped[UUID | None]
    structure_id: Mapped[UUID | None]
    at: Mapped[datetime]
    item: Mapped[str]
    recipient_kind: Mapped[str]
    recipient: Mapped[str]
    actor: Mapped[str]
