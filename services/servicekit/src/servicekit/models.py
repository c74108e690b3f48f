"""What the models of every service start from: names of constraints, and how Python's types are stored.

class Base(DeclarativeBase):
    metadata = service_metadata()
    type_annotation_map = COLUMN_TYPES
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, MetaData, Text, Uuid
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


def code_list(values: Iterable[str]) -> str:
    """Return codes as SQL writes them, in a stable order."""
    return ", ".join(f"'{value}'" for value in sorted(values))


def one_of(column: str, code: type[StrEnum]) -> CheckConstraint:
    """Return the check that `column` holds a code of the list."""
    return CheckConstraint(f"{column} IN ({code_list(code)})", name=f"{column}_code")


def some_of(column: str, code: type[StrEnum], *, at_least: int = 1) -> CheckConstraint:
    """Return the check that the array `column` holds codes of the list, so many at least, and nothing else."""
    enough = f"cardinality({column}) >= {at_least} AND " if at_least > 1 else f"cardinality({column}) > 0 AND "
    return CheckConstraint(
        f"{enough if at_least else ''}{column} <@ ARRAY[{code_list(code)}]::text[]", name=f"{column}_codes"
    )


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
