"""Trainings of a structure or of one of its people, and the rights that attendance opens."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from partners_service.base import Base, Code
from partners_service.codes import RightKind, TrainingKind, TrainingState
from partners_service.facts import Nothing
from partners_service.lifecycle import TRAINING, TrainingAct, follow
from partners_service.rights import OPENED_BY_TRAINING, Holding, valid_until
from partners_service.trainings import facts
from partners_service.transitions import leave
from servicekit.access import Actor
from servicekit.db import new_id


class Training(Base):
    """A training of one person, or of the whole structure when `account_id` is null."""

    __tablename__ = "trainings"
    __table_args__ = (
        CheckConstraint("state IN ('requested', 'planned', 'held', 'attended', 'absent', 'cancelled')", name="state"),
        CheckConstraint("state IN ('requested', 'cancelled') OR on_date IS NOT NULL", name="dated_once_planned"),
        ForeignKeyConstraint(["caisse", "structure_id"], ["structures.caisse", "structures.id"]),
        Index("ix_trainings_caisse_structure_id", "caisse", "structure_id"),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    structure_id: Mapped[UUID]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[TrainingKind] = mapped_column(Code(TrainingKind))
    state: Mapped[TrainingState] = mapped_column(Code(TrainingState))
    on_date: Mapped[date | None]
    """The day it is planned for, then the day it was held."""
    version: Mapped[int]
    created_at: Mapped[datetime]

    def planned(self) -> facts.TrainingPlanned:
        """Return the fact of its planning."""
        return facts.TrainingPlanned(
            caisse=self.caisse, subject=self._subject, payload=facts.Planned(kind=self.kind, on=self._day)
        )

    def hold(self, by: Actor, at: datetime) -> None:
        """Its day has come; who attended is still to be said."""
        self._become(TrainingAct.HOLD, by, at)

    def record(self, by: Actor, at: datetime, *, attended: bool) -> facts.TrainingRecorded:
        """Say whether it was attended."""
        self._become(TrainingAct.ATTEND if attended else TrainingAct.MISS, by, at)
        return facts.TrainingRecorded(
            caisse=self.caisse,
            subject=self._subject,
            payload=facts.Recorded(kind=self.kind, on=self._day, attended=attended),
        )

    def cancel(self, by: Actor, at: datetime) -> facts.TrainingCancelled:
        """It will not take place."""
        self._become(TrainingAct.CANCEL, by, at)
        return facts.TrainingCancelled(caisse=self.caisse, subject=self._subject, payload=Nothing())

    def opens(self, months: int | None) -> "RightHeld | None":
        """Return the right that an attended training opens for `months`; None when its kind opens none."""
        right = OPENED_BY_TRAINING.get(self.kind)
        if right is None or self.state is not TrainingState.ATTENDED:
            return None
        return RightHeld(
            caisse=self.caisse,
            id=new_id(),
            structure_id=self.structure_id,
            account_id=self.account_id,
            right=right,
            training_id=self.id,
            from_on=self._day,
            until_on=valid_until(self._day, months),
            ended_on=None,
            version=1,
        )

    @property
    def _day(self) -> date:
        if self.on_date is None:
            raise ValueError("a training without a day was neither planned nor held")
        return self.on_date

    @property
    def _subject(self) -> facts.TrainingSubject:
        return facts.TrainingSubject(training=self.id, structure=self.structure_id, account=self.account_id)

    def enter(self, by: Actor, at: datetime) -> None:
        """It becomes known, in the state it was made with."""
        self._leave(None, by, at)

    def _become(self, act: TrainingAct, by: Actor, at: datetime) -> None:
        before, self.state = self.state, follow(TRAINING, act, self.state)
        self.version += 1
        self._leave(before, by, at)

    def _leave(self, before: TrainingState | None, by: Actor, at: datetime) -> None:
        leave(self, by, self.caisse, before, self.state, at, structure_id=self.structure_id, training_id=self.id)


class RightHeld(Base):
    """A right opened by a training, with the term it had on that day: a later change of rule moves no term."""

    __tablename__ = "rights"
    __table_args__ = (
        ForeignKeyConstraint(["caisse", "structure_id"], ["structures.caisse", "structures.id"]),
        ForeignKeyConstraint(["caisse", "training_id"], ["trainings.caisse", "trainings.id"]),
        Index("ix_rights_caisse_structure_id", "caisse", "structure_id"),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    structure_id: Mapped[UUID]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    right: Mapped[RightKind] = mapped_column(Code(RightKind))
    training_id: Mapped[UUID]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    version: Mapped[int]

    @property
    def holding(self) -> Holding:
        """Return it as the pure rules read it."""
        return Holding(self.right, self.account_id, self.from_on, self.until_on, self.ended_on)

    def granted(self) -> facts.RightGranted:
        """Return the fact of its opening."""
        return facts.RightGranted(
            caisse=self.caisse,
            subject=self._subject,
            payload=facts.RightGained(right=self.right, from_on=self.from_on, until_on=self.until_on),
        )

    def end(self, on: date) -> facts.RightEnded:
        """Take it back from that day."""
        self.ended_on = on
        self.version += 1
        return facts.RightEnded(
            caisse=self.caisse,
            subject=self._subject,
            payload=facts.RightLost(right=self.right, ended_on=on),
        )

    @property
    def _subject(self) -> facts.RightSubject:
        return facts.RightSubject(right=self.id, structure=self.structure_id, account=self.account_id)
