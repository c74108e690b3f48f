"""Keeps programs running: whatever dies is started again, and all of them stop in order."""

import threading
import time
from collections.abc import Callable, Sequence

from embedded.process import Process

_TICK_SECONDS = 0.1
_STEADY_SECONDS = 10
_LONGEST_DELAY_SECONDS = 10.0


class Supervisor:
    """Watches processes from a thread of its own, from `watch` until `stop`.

    A process that had run steadily comes back at once; one that keeps dying waits longer each time.
    """

    def __init__(self, announce: Callable[[str], None]) -> None:
        self._announce = announce
        self._watched: list[_Watched] = []
        self._stopping = threading.Event()
        # Children are told when the thread that made them ends (`--pdeathsig`), so the thread that restarts
        # them is also the one that stops them, and ends last.
        self._thread = threading.Thread(target=self._run, name="supervisor")

    def watch(self, process: Process) -> None:
        """Restart `process` whenever it dies, from now on."""
        self._watched.append(_Watched(process))
        if not self._thread.is_alive():
            self._thread.start()

    def stop(self) -> None:
        """Stop everything, what was started last first and the first (the database) when the rest has ended."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(_TICK_SECONDS):
            for watched in list(self._watched):
                watched.revive(self._announce)
        processes = [watched.process for watched in self._watched]
        stop_in_order(processes)


class _Watched:
    """A process with the memory of its last deaths."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self._delay_s = 0.0
        self._restart_at: float | None = None

    def revive(self, announce: Callable[[str], None]) -> None:
        process = self.process
        if process.held or process.alive:
            return
        now = time.monotonic()
        if self._restart_at is None:
            steady = now - process.started_at > _STEADY_SECONDS
            self._delay_s = 0.0 if steady else min(max(2 * self._delay_s, 0.25), _LONGEST_DELAY_SECONDS)
            self._restart_at = now + self._delay_s
            announce(f"{process.name} stopped by itself (exit {process.exit_code}), restarting; see {process.log}")
        if now >= self._restart_at:
            self._restart_at = None
            process.spawn()


def stop_in_order(processes: Sequence[Process]) -> None:
    """Stop all but the first together, then the first."""
    if not processes:
        return
    first, *rest = processes
    for process in rest:
        process.ask_to_stop()
    for process in (*rest, first):
        process.stop()
