"""A PostgreSQL of our own: made on first use, run as a direct child, never as root, only on 127.0.0.1."""

import errno
import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psutil

from embedded import binaries
from embedded.errors import AlreadyRunning, PortTaken, StartFailed
from embedded.process import Process

SUPERUSER = "postgres"
_STALE_LOCK_SECONDS = 5
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A failed statement carries what people typed: its text and details stay out of the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# No more than that: commits held back or pages half written would be lost to a mere `kill -9`.
_THROWAWAY = {"fsync": "off"}


class Cluster:
    """The PostgreSQL of one folder; `with Cluster(folder) as cluster: cluster.admin_url`.

    `port` 0 takes a free one. `durable=False` is for tests: a crash of the machine (not of the process) may
    then lose what was committed.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int = 0,
        durable: bool = True,
        log: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self.port = port or free_port()
        self._log = log or self.folder / "postgres.log"
        self._durable = durable
        self._settings = {**_SETTINGS, **({} if durable else _THROWAWAY), **(settings or {})}
        self._lock: IO[str] | None = None
        self._process: Process | None = None

    @property
    def admin_url(self) -> str:
        """Return the superuser's URL."""
        return f"postgresql://{SUPERUSER}:{self._password()}@127.0.0.1:{self.port}/postgres"

    @property
    def process(self) -> Process:
        """Return the running PostgreSQL."""
        if self._process is None:
            raise LookupError("the cluster is not started")
        return self._process

    def start(self) -> None:
        """Make the data folder if needed, start PostgreSQL and wait until it answers.

        Raises `CannotRun` with what to do about it.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = lock_folder(self.folder)
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        self._password()  # there before the folder may be given to somebody else
        postgres = binaries.find(self.folder)
        self._refuse_other_version(postgres.major)
        if not self.data.exists():
            self._initialise(postgres)
        self._stop_orphan()
        refuse_taken(self.port, "ALLER_POSTGRES_PORT")
        options = {**self._settings, "port": str(self.port)}
        arguments = [f"--{name}={value}" for name, value in options.items()]
        self._process = Process(
            "postgres",
            postgres.command("postgres", "-D", str(self.data), *arguments),
            log=self._log,
            ready=self._is_ready,
            stop_signal=signal.SIGINT,  # PostgreSQL's fast shutdown
            patience_s=30,
            spawn_options=postgres.spawn_options,
        )
        self._start_past_stale_lock(self._process)

    def stop(self) -> None:
        """Stop PostgreSQL after a checkpoint, ending the sessions that are left."""
        if self._process is not None:
            self._process.stop()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _password(self) -> str:
        """Return the superuser's password, made on first use and kept with owner-only rights."""
        path = self.folder / "password"
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(24))
        return path.read_text()

    def _initialise(self, postgres: binaries.Postgres) -> None:
        """Make the data folder aside and rename it: one that was interrupted halfway is made again."""
        unfinished = self.folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        locale = ["--locale=C.UTF-8"]
        if postgres.major >= 17:
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        password = f"--pwfile={self.folder / 'password'}"
        options = ["--username", SUPERUSER, "--auth=scram-sha-256", password, "--encoding=UTF8"]
        if not self._durable:
            options.append("--no-sync")
        done = subprocess.run(
            postgres.command("initdb", "-D", str(unfinished), *options, *locale),
            capture_output=True,
            text=True,
            check=False,
            **postgres.spawn_options,
        )
        if done.returncode != 0:
            raise StartFailed(f"initdb could not make {self.data}:\n{done.stderr.strip()}")
        unfinished.rename(self.data)

    def _refuse_other_version(self, major: int) -> None:
        version = self.data / "PG_VERSION"
        if self.data.exists() and version.read_text().strip() != str(major):
            raise StartFailed(
                f"{self.data} was made by PostgreSQL {version.read_text().strip()}, this one is {major}. "
                "`make reset` starts afresh; pg_dump from the old version keeps the data."
            )

    def _start_past_stale_lock(self, process: Process) -> None:
        """Start; for a few seconds, shared memory of a server killed a moment ago may still be in use."""
        deadline = time.monotonic() + _STALE_LOCK_SECONDS
        while True:
            process.spawn()
            try:
                return process.wait_ready()
            except StartFailed:
                if process.alive or time.monotonic() > deadline:
                    process.stop()
                    raise
                time.sleep(0.2)

    def _is_ready(self, process: Process) -> bool:
        """Read what PostgreSQL says of itself: the pid on line 1 of its lock file, the state on line 8."""
        lines = self._lock_file()
        return len(lines) >= 8 and lines[0] == str(process.pid) and lines[7].strip() == "ready"

    def _lock_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _stop_orphan(self) -> None:
        """Stop a server whose launcher was killed. The folder's lock is ours, so it belongs to nobody."""
        lines = self._lock_file()
        if not lines or not is_postgres(pid := int(lines[0])):
            return
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + 30
        while is_postgres(pid):
            if time.monotonic() > deadline:
                raise StartFailed(f"A PostgreSQL left behind (process {pid}) does not stop; kill it.")
            time.sleep(0.05)


def is_postgres(pid: int) -> bool:
    """Tell whether a process is a running PostgreSQL."""
    try:
        other = psutil.Process(pid)
        return other.name().startswith("postgres") and other.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def lock_folder(folder: Path) -> IO[str]:
    """Take the lock of a folder, held until the returned file is closed; raises `AlreadyRunning`."""
    file = (folder / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in {errno.EAGAIN, errno.EACCES}:
            raise
        file.seek(0)
        holder = file.read().strip()
        file.close()
        raise AlreadyRunning(f"{folder} is in use by process {holder}: stop it first.") from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def refuse_taken(port: int, setting: str) -> None:
    """Raise `PortTaken` when something listens on `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortTaken(f"Port {port} is taken. Free it, or choose another with {setting}=….") from error
