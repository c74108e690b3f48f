"""How often the social service was asked for what it does not take (SS-05): a count, never who."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from referrals_service.base import Base
from referrals_service.orientation.codes import RefusedMotive
from servicekit.models import one_of


class RefusedMotiveCount(Base):
    """How many times a motive was stopped before the form, by caisse, structure (none: the caisse) and day there."""

    __tablename__ = "refused_motive_counts"
    __table_args__ = (
        one_of("motive", RefusedMotive),
        CheckConstraint("times > 0", name="counted"),
        UniqueConstraint("caisse", "on_day", "structure_id", "motive", postgresql_nulls_not_distinct=True),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    structure_id: Mapped[UUID | None]
    on_day: Mapped[date]
    motive: Mapped[str]
    times: Mapped[int] = mapped_column(Integer)
