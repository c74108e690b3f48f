"""What partners publishes about trainings and the rights they open."""

from datetime import date
from typing import Literal
from uuid import UUID

from partners_service.codes import RightKind, TrainingKind
from partners_service.facts import Nothing, Part
from servicekit.facts import Fact


class RightSubject(Part):
    """A right held by one person of a structure, or by the whole structure when `account` is null."""

    right: UUID
    structure: UUID
    account: UUID | None


class TrainingSubject(Part):
    """The training of one person of a structure, or of the whole structure when `account` is null."""

    training: UUID
    structure: UUID
    account: UUID | None


class RightGained(Part):
    """Which right, from a day until a day, both counted."""

    right: RightKind
    from_on: date
    until_on: date | None


class RightGranted(Fact[RightSubject, RightGained]):
    """A training opened a right (LUP-01, MIS-21)."""

    type: Literal["right.granted"] = "right.granted"


class RightLost(Part):
    """Which right; from this day it is no longer held."""

    right: RightKind
    ended_on: date


class RightEnded(Fact[RightSubject, RightLost]):
    """A right was taken back before its term."""

    type: Literal["right.ended"] = "right.ended"


class Planned(Part):
    """Which training, and for which day."""

    kind: TrainingKind
    on: date


class TrainingPlanned(Fact[TrainingSubject, Planned]):
    """A training is planned."""

    type: Literal["training.planned"] = "training.planned"


class Recorded(Part):
    """Which training was held on which day, and whether it was attended."""

    kind: TrainingKind
    on: date
    attended: bool


class TrainingRecorded(Fact[TrainingSubject, Recorded]):
    """Attendance of a training was recorded."""

    type: Literal["training.recorded"] = "training.recorded"


class TrainingCancelled(Fact[TrainingSubject, Nothing]):
    """A training will not take place."""

    type: Literal["training.cancelled"] = "training.cancelled"
