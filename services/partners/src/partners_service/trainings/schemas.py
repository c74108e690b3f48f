"""Trainings as they come in."""

from datetime import date
from uuid import UUID

from pydantic import Field

from partners_service.codes import TrainingKind
from partners_service.fields import In


class TrainingIn(In):
    """A training planned, or already held and attended; of the whole structure when nobody is named."""

    kind: TrainingKind
    on: date
    account_ids: list[UUID] = Field(default_factory=list, max_length=100)
    attended: bool = False
    """True when it has taken place and everybody named was there."""


class AttendanceIn(In):
    """Whether the training was attended."""

    attended: bool
