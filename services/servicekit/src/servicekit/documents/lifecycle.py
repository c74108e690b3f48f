"""States of a document, and what is known of its inspection. Pure."""

from enum import StrEnum


class DocumentState(StrEnum):
    """Where a document stands. Nobody opens it before `available`."""

    ANNOUNCED = "announced"
    """Its place is kept; its content has not come, or is being looked at."""
    QUARANTINE = "quarantine"
    """Checked and sealed; waits for the antivirus."""
    AVAILABLE = "available"
    REFUSED = "refused"
    """Its content was not taken, or the antivirus found something in it; nothing of it is left."""
    ERASED = "erased"
    """Removed: its key is destroyed."""


class DocumentScan(StrEnum):
    """What an antivirus said of a document, as people are told."""

    NONE = "none"
    """No antivirus is configured here, or none was when it came."""
    WAITING = "waiting"
    CLEAN = "clean"
