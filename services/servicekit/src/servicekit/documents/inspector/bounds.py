"""What the inspector is given to know, and how it says no."""

from dataclasses import dataclass

from servicekit.documents.refusals import Reason


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a file may cost and hold, as the parent gives it on the command line, in this order."""

    memory_bytes: int
    cpu_seconds: int
    output_bytes: int
    pages: int
    objects: int
    decompressed_bytes: int
    pixels: int


class Unfit(Exception):
    """The file is not taken, for this reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason
