"""Every change of state leaves a row: who, when, from what, to what, why."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, object_session

from partners_service.base import Base
from servicekit.access import Actor
from servicekit.db import new_id


class Transition(Base):
    """One change of state of a structure, of an account or of a training; exactly one of them is named.

    `structure_id` is given with an account or a training too: it says whose row this is.
    """

    __tablename__ = "transitions"
    __table_args__ = (
        CheckConstraint("num_nonnulls(account_id, training_id) < 2", name="one_subject"),
        CheckConstraint("structure_id IS NOT NULL OR account_id IS NOT NULL", name="some_subject"),
        Index("ix_transitions_caisse_structure_id", "caisse", "structure_id"),
        Index("ix_transitions_account_id", "account_id"),
    )

    caisse: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    structure_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    training_id: Mapped[UUID | None]
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    reason: Mapped[str | None]
    by_sub: Mapped[str]
    by_role: Mapped[str]
    at: Mapped[datetime]


def leave(
    subject: Base,
    by: Actor,
    caisse: str,
    from_state: StrEnum | None,
    to_state: StrEnum,
    at: datetime,
    *,
    structure_id: UUID | None = None,
    account_id: UUID | None = None,
    training_id: UUID | None = None,
    reason: StrEnum | None = None,
) -> None:
    """Leave the row of a change of state just made to `subject`, in the transaction that `subject` is in.

    Called by the objects themselves, so that no route can forget it.
    """
    session = object_session(subject)
    if session is None:
        raise RuntimeError("a state changes only in a transaction")
    session.add(
        Transition(
            caisse=caisse,
            id=new_id(),
            structure_id=structure_id,
            account_id=account_id,
            training_id=training_id,
            from_state=None if from_state is None else str(from_state),
            to_state=str(to_state),
            reason=None if reason is None else str(reason),
            by_sub=by.sub,
            by_role=by.role,
            at=at,
        )
    )
