"""A counter, and the facts about it."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from servicekit.facts import Fact
from servicekit.tables import NAMING_CONVENTION


class Base(DeclarativeBase):
    """Tables of the teller."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class Counter(Base):
    """One counter."""

    __tablename__ = "counters"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    value: Mapped[int]


class CounterSubject(BaseModel):
    """Which counter."""

    counter: UUID


class Moved(BaseModel):
    """Where it went."""

    value: int


class CounterMoved(Fact[CounterSubject, Moved]):
    """A counter moved."""

    type: Literal["counter.moved"] = "counter.moved"


class CounterLost(Fact[CounterSubject, Moved]):
    """A counter was lost."""

    type: Literal["counter.lost"] = "counter.lost"
