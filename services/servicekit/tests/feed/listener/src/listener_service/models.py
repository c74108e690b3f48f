"""What the listener builds from the facts it follows. Nothing here is unique, so that a double shows."""

from uuid import UUID

from sqlalchemy import BigInteger, Identity, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from servicekit.tables import NAMING_CONVENTION


class Base(DeclarativeBase):
    """Tables of the listener."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class Effect(Base):
    """What one fact caused."""

    __tablename__ = "effects"

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    fact_id: Mapped[UUID]
    counter: Mapped[UUID]
    value: Mapped[int]
