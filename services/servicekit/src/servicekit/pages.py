"""Pages of a list: `{items, next_cursor}`, stable order by keyset, never an offset."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

import orjson
from fastapi import Depends, Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, Row, Select, and_, or_, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.errors import Invalid


@dataclass(frozen=True, slots=True)
class PageParams:
    """How many rows to give and after which one."""

    limit: int
    cursor: str | None


async def _page_params(
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=512)] = None,
) -> PageParams:
    return PageParams(limit, cursor)


PageQuery = Annotated[PageParams, Depends(_page_params)]


T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page; `next_cursor` is null on the last."""

    items: list[T]
    next_cursor: str | None


Key = tuple[ColumnElement[Any], Literal["asc", "desc"]]


async def paginate(
    session: AsyncSession, statement: Select[*tuple[Any, ...]], keys: Sequence[Key], page: PageParams
) -> tuple[Sequence[Row[*tuple[Any, ...]]], str | None]:
    """Run `statement` ordered by `keys`, from after the cursor; the last key must make the order total.

    Every key column is selected by the statement and is never null.
    """
    ordered = statement.order_by(*(c.asc() if way == "asc" else c.desc() for c, way in keys))
    if page.cursor is not None:
        ordered = ordered.where(_after(keys, _decode(page.cursor, len(keys))))
    rows = (await session.execute(ordered.limit(page.limit + 1))).all()
    if len(rows) <= page.limit:
        return rows, None
    last = rows[page.limit - 1]._mapping
    return rows[: page.limit], _encode([last[c] for c, _ in keys])


def _after(keys: Sequence[Key], values: Sequence[Any]) -> ColumnElement[bool]:
    ways = {way for _, way in keys}
    typed = [_typed(column, value) for (column, _), value in zip(keys, values, strict=True)]
    if len(ways) == 1:
        # A row comparison uses the index as a whole, where nested ORs would not.
        left, right = tuple_(*(c for c, _ in keys)), tuple_(*typed)
        return left > right if ways == {"asc"} else left < right
    steps = []
    for i, (column, way) in enumerate(keys):
        beyond = column > typed[i] if way == "asc" else column < typed[i]
        steps.append(and_(*(c == typed[j] for j, (c, _) in enumerate(keys[:i])), beyond))
    return or_(*steps)


_READ: dict[type, Callable[[str], Any]] = {datetime: datetime.fromisoformat, date: date.fromisoformat, UUID: UUID}


def cursor_after(*values: Any) -> str:
    """Return the cursor that comes after a row with these keys; for a list whose statement is written by hand."""
    return _encode(values)


def after_cursor(cursor: str, *types: type) -> list[Any]:
    """Return the keys that `cursor_after` was given, each of its type; `Invalid` for a cursor that is none."""
    values = _decode(cursor, len(types))
    return [_read(python_type, value) for python_type, value in zip(types, values, strict=True)]


def _typed(column: ColumnElement[Any], value: Any) -> Any:
    return _read(column.type.python_type, value)


def _read(python_type: Any, value: Any) -> Any:
    read = _READ.get(python_type)
    if not isinstance(value, str if read else python_type) or "\0" in str(value):
        raise _bad_cursor()
    try:
        return read(value) if read else value
    except ValueError as error:
        raise _bad_cursor() from error


def _encode(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(values)).rstrip(b"=").decode()


def _decode(cursor: str, length: int) -> Sequence[Any]:
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error) as error:
        raise _bad_cursor() from error
    if not isinstance(values, list) or len(values) != length:
        raise _bad_cursor()
    return values


def _bad_cursor() -> Invalid:
    return Invalid("Cette page de la liste n'existe plus : reprenez depuis le début.")
