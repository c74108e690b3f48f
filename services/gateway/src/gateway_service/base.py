"""Declarative base of the gateway's own tables, those of sign-in and of the front alike."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Date, DateTime, LargeBinary, MetaData, Text, Uuid
from sqlalchemy.orm import DeclarativeBase

from servicekit.tables import NAMING_CONVENTION


class Base(DeclarativeBase):
    """Tables the gateway owns; those every service has are in `servicekit.tables`."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        date: Date(),
        str: Text(),
        bytes: LargeBinary(),
        UUID: Uuid(),
    }
