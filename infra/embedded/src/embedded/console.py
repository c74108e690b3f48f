"""What the person at the terminal sees: one line a step, with its duration."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class Step:
    """A step under way; its note stands at the end of its line."""

    note: str = ""


class Console:
    """Prints, unless quiet."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet

    def say(self, line: str) -> None:
        """Print one line."""
        if not self._quiet:
            print(line, flush=True)

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Print the title and, when the block ends, how long it took."""
        step = Step()
        started = time.monotonic()
        if sys.stdout.isatty() and not self._quiet:
            print(f"  … {title}", end="\r", flush=True)
        yield step
        note = f"  ({step.note})" if step.note else ""
        self.say(f"  ✓ {title:<34} {time.monotonic() - started:6.1f} s{note}")
