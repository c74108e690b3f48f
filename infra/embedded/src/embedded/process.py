"""One program run as a child: spawn it, ask it to stop, tell whether it lives."""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from embedded.errors import StartFailed

LARGEST_LOG = 20_000_000
KILLED = "killed by the launcher"


class Process:
    """A child with its own log file; safe to use from several threads.

    It gets a session of its own, so that Ctrl-C in the terminal reaches only us and we choose the order of the
    stops. `ready` tells whether the running child may be used.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        ready: Callable[["Process"], bool],
        env: Mapping[str, str] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        patience_s: float = 15,
        spawn_options: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = name
        self.log = log
        self.held = False
        """True while it was stopped on purpose: the supervisor leaves it alone."""
        self.started_at = 0.0
        self._command = [*_lifeline(stop_signal), *command]
        self._ready = ready
        self._env = None if env is None else dict(env)
        self._stop_signal = stop_signal
        self._patience_s = patience_s
        self._spawn_options = dict(spawn_options or {})
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.RLock()

    @property
    def pid(self) -> int:
        """Return the process id of the running or last child."""
        if self._child is None:
            raise LookupError(f"{self.name} was never started")
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Tell whether the child runs (it may not be ready yet)."""
        return self._child is not None and self._child.poll() is None

    @property
    def exit_code(self) -> int | None:
        """Return how the last child ended, as `subprocess` says it; None while it runs."""
        return None if self._child is None else self._child.poll()

    @property
    def ready(self) -> bool:
        """Tell whether the child may be used."""
        return self.alive and self._ready(self)

    def spawn(self) -> None:
        """Start the child unless it runs; does not wait until it is ready."""
        with self._lock:
            self.held = False
            if self.alive:
                return
            self.log.parent.mkdir(parents=True, exist_ok=True)
            if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
                self.log.replace(self.log.with_suffix(".log.1"))
            with self.log.open("ab") as log:
                self._child = subprocess.Popen(
                    self._command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=self._env,
                    start_new_session=True,
                    **self._spawn_options,
                )
            self.started_at = time.monotonic()

    def wait_ready(self, timeout_s: float = 180) -> None:
        """Return when the child is ready; raise `StartFailed` when it ends first or takes too long."""
        deadline = time.monotonic() + timeout_s
        while not self.ready:
            if not self.alive:
                raise StartFailed(f"{self.name} stopped while starting (exit {self.exit_code}).\n{self.tail()}")
            if time.monotonic() > deadline:
                raise StartFailed(f"{self.name} was not ready after {timeout_s:.0f} s.\n{self.tail()}")
            time.sleep(0.02)

    def ask_to_stop(self) -> None:
        """Send the stop signal and return at once; the supervisor will not restart the child."""
        self.held = True
        self.signal(self._stop_signal)

    def stop(self) -> None:
        """Stop the child and return when it has ended, killed if it takes too long."""
        with self._lock:
            self.ask_to_stop()
            if self._child is None:
                return
            try:
                self._child.wait(self._patience_s)
            except subprocess.TimeoutExpired:
                self.kill()
                with self.log.open("a") as log:
                    log.write(f"{KILLED}: {self.name} had not stopped after {self._patience_s:.0f} s\n")

    def kill(self) -> None:
        """Kill the child and what it started in its session, with no chance to clean up (`kill -9`)."""
        with self._lock:
            if self._child is not None and self.alive:
                os.killpg(self.pid, signal.SIGKILL)
                self._child.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the child, if it runs."""
        with self._lock:
            if self._child is not None and self.alive:
                self._child.send_signal(number)

    def tail(self, lines: int = 15) -> str:
        """Return the end of the log."""
        if not self.log.exists():
            return ""
        last = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
        return "\n".join([f"The end of {self.log}:", *(f"  {line}" for line in last)])


def _lifeline(stop_signal: signal.Signals) -> list[str]:
    """Return a prefix that stops the child when its parent dies, even by `kill -9` (Linux only)."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", stop_signal.name.removeprefix("SIG"), "--"] if setpriv else []
