"""What every table of the service has in common."""

from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from servicekit.models import COLUMN_TYPES, service_metadata

E = TypeVar("E", bound=StrEnum)


class Code(TypeDecorator[E], Generic[E]):
    """A code of a closed list, stored as text; a code that the list does not hold cannot be read back."""

    impl = Text
    cache_ok = True

    def __init__(self, codes: type[E]) -> None:
        super().__init__()
        self.codes = codes

    def process_bind_param(self, value: E | str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - its signature
        """Write the code."""
        return None if value is None else str(self.codes(value))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> E | None:  # noqa: ARG002 - its signature
        """Read the code."""
        return None if value is None else self.codes(value)


class Base(DeclarativeBase):
    """Base of the models."""

    metadata = service_metadata()
    type_annotation_map = COLUMN_TYPES
