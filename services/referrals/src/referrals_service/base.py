"""What every table of the service has in common."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, MetaData, Text, Uuid
from sqlalchemy.orm import DeclarativeBase

from servicekit.tables import NAMING_CONVENTION


class Base(DeclarativeBase):
    """Base of the models; the naming convention lets a refused constraint be recognised by its name."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {str: Text, UUID: Uuid, datetime: DateTime(timezone=True)}  # noqa: RUF012 - read by the mapper
