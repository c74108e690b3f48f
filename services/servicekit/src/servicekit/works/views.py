"""A work as its owner is shown it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from servicekit.works.states import CANCELLABLE, WorkState
from servicekit.works.work import Work


class WorkView(BaseModel):
    """A work. `counts` are rows by outcome; `parameters` codes, dates and ids of what was asked."""

    id: UUID
    kind: str
    state: WorkState
    done: int
    total: int | None
    counts: dict[str, int]
    parameters: dict[str, Any]
    reason: str | None
    problem: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    expires_at: datetime
    forgotten: bool
    """Whether what it held was erased: nothing is left to fetch."""
    can_cancel: bool
    version: int


def view(work: Work) -> WorkView:
    """Show a work."""
    return WorkView(
        id=work.id,
        kind=work.kind,
        state=work.state,
        done=work.done,
        total=work.total,
        counts=dict(work.counts),
        parameters=work.parameters,
        reason=work.reason,
        problem=work.problem,
        created_at=work.created_at,
        started_at=work.started_at,
        ended_at=work.ended_at,
        expires_at=work.expires_at,
        forgotten=work.key is None,
        can_cancel=work.state in CANCELLABLE,
        version=work.version,
    )
