"""What the listener builds from the facts it follows. Nothing here is unique, so that a double shows."""

from uuid import UUID

from sqlalchemy import BigInteger, Identity, MetaData, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from servicekit.db import Database
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


async def effects(database: Database) -> list[int]:
    """Return the values that took effect, in the order they did."""
    async with database.system_session("tests") as session:
        return list(await session.scalars(select(Effect.value).order_by(Effect.number)))
