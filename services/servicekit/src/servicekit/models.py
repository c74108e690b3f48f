"""What the models of every service start from: names of constraints, and how Python's types are stored.

class Base(DeclarativeBase):
    metadata = service_metadata()
    type_annotation_map = COLUMN_TYPES
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, DateTime, MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase

from servicekit.tables import NAMING_CONVENTION

COLUMN_TYPES: Final[dict[Any, Any]] = {
    str: Text(),
    UUID: Uuid(),
    date: Date(),
    datetime: DateTime(timezone=True),
}


def service_metadata() -> MetaData:
    """Return the catalogue of a service's own tables; constraints can be recognised by their names."""
    return MetaData(naming_convention=NAMING_CONVENTION)


async def put(
    session: AsyncSession, model: type[DeclarativeBase], known: Mapping[str, Any], said: Mapping[str, Any]
) -> None:
    """Write a row of a read model, whatever is there already: `known` is its primary key, `said` the rest.

    A fact that is applied again (a replay over what is there) must find its row and say the same.
    """
    row = insert(model).values({**known, **said})
    if said:
        await session.execute(row.on_conflict_do_update(index_elements=list(known), set_=dict(said)))
    else:
        await session.execute(row.on_conflict_do_nothing())
