"""The journal of requests: who asked what through the gateway and how it ended, written before the answer leaves.

Entries that come together are written together (one statement a commit), so durability costs a request one
wait for a commit, shared, and little CPU. What was answered is in the journal even after `kill -9`; while the
journal cannot be written, nothing is answered.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import orjson
import psycopg
from sqlalchemy.engine import make_url

from gateway_service.oauth.issuing import Subject
from servicekit.telemetry import log

if TYPE_CHECKING:
    from servicekit.app import Service

# Longer than a disk stalls during a checkpoint; the two together stay below what a browser waits patiently for.
WRITTEN_WITHIN_SECONDS: Final = 4.0
ANSWER_WAITS_SECONDS: Final = 5.0
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_COLUMNS: Final = {
    "txn": "uuid",
    "at": "timestamptz",
    "service": "text",
    "method": "text",
    "route": "text",
    "status": "smallint",
    "ms": "integer",
    "refusal": "text",
    "sub": "text",
    "client": "text",
    "audience": "text",
    "role": "text",
    "caisse": "text",
    "structure": "uuid",
    "session_hash": "text",
    "address": "text",
}
# COPY does not work under row-level security. Written again after a lost connection, an entry stays single.
_INSERT: Final = (
    f"INSERT INTO request_journal ({', '.join(_COLUMNS)}) "  # noqa: S608 - constants
    f"SELECT {', '.join(_COLUMNS)} FROM json_to_recordset(%s::json) "
    f"AS entry({', '.join(f'{name} {kind}' for name, kind in _COLUMNS.items())}) ON CONFLICT (txn) DO NOTHING"
).encode()


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

    def row(self) -> dict[str, object]:
        """Return the entry by column; absent columns are null."""
        row: dict[str, object] = {
            "txn": self.txn,
            "at": datetime.now(UTC),
            "service": self.service,
            "method": self.method if self.method in _METHODS else "OTHER",
            "route": self.route,
            "status": self.status,
            "ms": self.ms,
            "refusal": self.refusal,
            "address": self.address,
        }
        who = self.who or _NOBODY
        return row | {
            "sub": who.sub,
            "client": who.client,
            "audience": who.audience,
            "role": who.role,
            "caisse": who.caisse,
            "structure": who.structure,
            "session_hash": who.session_hash,
        }


_NOBODY: Final = Subject(sub="", client="", audience="", role="", caisse="")


class RequestJournal:
    """Writes entries in groups, on a connection of its own."""

    def __init__(self, database_url: str) -> None:
        url = make_url(database_url).set(drivername="postgresql")
        self._url = url.render_as_string(hide_password=False)
        self._connection: psycopg.AsyncConnection | None = None
        self._pending: list[tuple[dict[str, object], asyncio.Future[None]]] = []
        self._wake = asyncio.Event()
        self._trouble: str | None = None

    def trouble(self) -> str | None:
        """Say what keeps the journal from being written."""
        return self._trouble

    async def write(self, entry: Entry) -> None:
        """Return when the entry is durable; raise `JournalAway` when it cannot be."""
        written = asyncio.get_running_loop().create_future()
        self._pending.append((entry.row(), written))
        self._wake.set()
        try:
            async with asyncio.timeout(ANSWER_WAITS_SECONDS):
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

    async def _write_group(self, group: list[tuple[dict[str, object], asyncio.Future[None]]]) -> None:
        rows = orjson.dumps([row for row, _ in group]).decode()
        failure: Exception | None = None
        try:
            async with asyncio.timeout(WRITTEN_WITHIN_SECONDS):
                await self._insert_twice_if_needed(rows)
        except (psycopg.Error, OSError, TimeoutError) as error:
            await self._disconnect()
            failure = JournalAway(type(error).__name__)
            log.error("journal of requests not written", error_type=type(error).__qualname__, count=len(group))
        self._trouble = "journal of requests: not written" if failure else None
        for _, written in group:
            _settle(written, failure)

    async def _insert_twice_if_needed(self, rows: str) -> None:
        """Try again once on a new connection: the old one may have died while idle, or during the commit."""
        try:
            await self._insert(rows)
        except psycopg.OperationalError:
            await self._disconnect()
            await self._insert(rows)

    async def _insert(self, rows: str) -> None:
        connection = self._connection or await self._connect()
        await connection.execute(_INSERT, (rows,), prepare=True)

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
