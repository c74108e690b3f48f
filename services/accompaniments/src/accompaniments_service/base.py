"""What every table of the service has in common."""

from sqlalchemy.orm import DeclarativeBase

from servicekit.models import COLUMN_TYPES, service_metadata


class Base(DeclarativeBase):
    """Base of the models."""

    metadata = service_metadata()
    type_annotation_map = COLUMN_TYPES
