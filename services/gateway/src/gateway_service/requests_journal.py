"""The journal of requests: who asked what through the gateway and how it ended, written before the answer leaves.

Entries that come together are written together (one COPY a commit), so durability costs a request one wait
for a commit, shared, and little CPU. What was answered is in the journal even after `kill -9`; while the
journal cannot be written, nothing is answered.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg.errors import UniqueViolation
from sqlalchemy.engine import make_url

from gateway_service.issuing import Subject
from servicekit.db import new_id
from servicekit.telemetry import log

if TYPE_CHECKING:
    from servicekit.app import Service

WRITTEN_WITHIN_SECONDS: Final = 2.0
_COLUMNS: Final = (
    "id, at, txn, service, method, route, status, ms, refusal, "
    "sub, client, audience, role, caisse, structure, session_hash, address"
)
_COPY: Final = f"COPY request_journal ({_COLUMNS}) FROM STDIN"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_ESCAPED: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": ""})


class JournalAway(Exception):
    """The entry could not be written; the answer must not leave."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One request, as it will stand in the journal. Codes and ids only; `ms` until the answer began."""

    txn: str
    service: str
    method: str
    route: str
    status: int
    ms: int
    refusal: str
    who: Subject | None
    address: str

    def line(self) -> str:
        """Write the entry as PostgreSQL's COPY reads it."""
        who = self.who
        person = (
            (who.sub, who.client, who.audience, who.role, who.caisse, who.structure, who.session_hash)
            if who
            else ("", "", "", "", "", None, "")
        )
        *before, structure, session_hash = person
        return "\t".join(
            [
                str(new_id()),
                datetime.now(UTC).isoformat(),
                self.txn,
                self.service,
                self.method if self.method in _METHODS else "OTHER",
                self.route.translate(_ESCAPED),
                str(self.status),
                str(self.ms),
                self.refusal,
                *(text.translate(_ESCAPED) for text in before),
                str(structure) if structure else "\\N",
                session_hash,
                self.address.translate(_ESCAPED) + "\n",
            ]
        )


class RequestJournal:
    """Writes entries in groups, on a connection of its own."""

    def __init__(self, database_url: str) -> None:
        url = make_url(database_url).set(drivername="postgresql")
        self._url = url.render_as_string(hide_password=False)
        self._connection: psycopg.AsyncConnection | None = None
        self._pending: list[tuple[str, asyncio.Future[None]]] = []
        self._wake = asyncio.Event()
        self._trouble: str | None = None

    def trouble(self) -> str | None:
        """Say what keeps the journal from being written."""
        return self._trouble

    async def write(self, entry: Entry) -> None:
        """Return when the entry is durable; raise `JournalAway` when it cannot be."""
        written = asyncio.get_running_loop().create_future()
        self._pending.append((entry.line(), written))
        self._wake.set()
        try:
            async with asyncio.timeout(2 * WRITTEN_WITHIN_SECONDS):
                await written
        except TimeoutError as error:
            raise JournalAway("waited too long") from error

    async def run(self, _service: "Service") -> None:
        """Write what is pending, group after group, for as long as the gateway runs."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                group, self._pending = self._pending, []
                if group:
                    await self._write_group(group)
        finally:
            await self._disconnect()
            for _, written in self._pending:
                _settle(written, JournalAway("the gateway is stopping"))

    async def _write_group(self, group: list[tuple[str, asyncio.Future[None]]]) -> None:
        lines = "".join(line for line, _ in group).encode()
        failure: Exception | None = None
        try:
            async with asyncio.timeout(WRITTEN_WITHIN_SECONDS):
                await self._copy_twice_if_needed(lines)
        except (psycopg.Error, OSError, TimeoutError) as error:
            await self._disconnect()
            failure = JournalAway(type(error).__name__)
            log.error("journal of requests not written", error_type=type(error).__qualname__, count=len(group))
        self._trouble = "journal of requests: not written" if failure else None
        for _, written in group:
            _settle(written, failure)

    async def _copy_twice_if_needed(self, lines: bytes) -> None:
        """Try again once on a new connection: the old one may have died while idle, or during the commit."""
        try:
            await self._copy(lines)
        except psycopg.OperationalError:
            await self._disconnect()
            try:
                await self._copy(lines)
            except UniqueViolation:
                return  # the first try was committed after all; a group is written whole or not at all

    async def _copy(self, lines: bytes) -> None:
        connection = self._connection or await self._connect()
        async with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            await copy.write(lines)

    async def _connect(self) -> psycopg.AsyncConnection:
        connection = await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, connect_timeout=1, application_name="gateway-journal"
        )
        await connection.execute("SET ROLE gateway_system")
        self._connection = connection
        return connection

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


def _settle(written: asyncio.Future[None], failure: Exception | None) -> None:
    if written.done():  # whoever waited was cancelled
        return
    if failure is None:
        written.set_result(None)
    else:
        written.set_exception(failure)
