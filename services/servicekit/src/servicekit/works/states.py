"""Where a work can stand."""

from enum import StrEnum
from typing import Final


class WorkState(StrEnum):
    """`prepared` waits for the person's confirmation; the first three can still be cancelled.

    `revoked`: who asked may no longer do it; the work stopped before its next step.
    """

    PREPARED = "prepared"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REVOKED = "revoked"


UNDER_WAY: Final = frozenset({WorkState.WAITING, WorkState.RUNNING})
CANCELLABLE: Final = UNDER_WAY | {WorkState.PREPARED}
