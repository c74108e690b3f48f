"""A note about somebody, in a structure of a caisse."""

from uuid import UUID

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from servicekit.tables import NAMING_CONVENTION


class Base(DeclarativeBase):
    """Tables of the sample."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class Note(Base):
    """One note."""

    __tablename__ = "notes"

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    structure_id: Mapped[UUID]
    person_id: Mapped[UUID]
    text: Mapped[str]
    version: Mapped[int]
