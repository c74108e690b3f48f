"""What the front's tables need no longer: proofs that have expired, entries of requests older than a year."""

import asyncio
from typing import TYPE_CHECKING, Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from servicekit import clock
from servicekit.db import Database
from servicekit.telemetry import log

if TYPE_CHECKING:
    from servicekit.app import Service

EVERY_SECONDS: Final = 3600
PURPOSE: Final = "front.purge"
_AT_ONCE: Final = 5000

_PROOFS = text("DELETE FROM used_assertions WHERE expires_at < :now")
# In small transactions: a long one would hold back vacuum for the whole cluster. Which entries may go is the
# policy's decision (`system_delete`); this only asks for the oldest.
_ENTRIES = text(
    """
    DELETE FROM request_journal WHERE txn IN (
        SELECT txn FROM request_journal WHERE at < now() - interval '1 year' ORDER BY at LIMIT :at_once
    )
    """
)


async def purge(database: Database) -> int:
    """Delete what has served its time; return how many entries of requests went."""
    async with database.system_session(PURPOSE) as session:
        await session.execute(_PROOFS, {"now": clock.system_now()})
    gone = 0
    while True:
        async with database.system_session(PURPOSE) as session:
            deleted = await session.execute(_ENTRIES.bindparams(at_once=_AT_ONCE))
            count: int = deleted.rowcount  # type: ignore[attr-defined]  # a DELETE's result has it
        gone += count
        if count < _AT_ONCE:
            return gone


class Housekeeping:
    """Purges each hour while the gateway runs."""

    def __init__(self) -> None:
        self._trouble: str | None = None

    def trouble(self) -> str | None:
        """Say what keeps it from purging."""
        return self._trouble

    async def run(self, service: "Service") -> None:
        """Purge for as long as the gateway runs."""
        while True:
            try:
                gone = await purge(service.database)
            except (DBAPIError, OSError) as error:
                self._trouble = "housekeeping: database unavailable"
                log.warning("nothing purged", error_type=type(error).__qualname__)
            else:
                self._trouble = None
                if gone:
                    log.info("old requests purged", count=gone)
            await asyncio.sleep(EVERY_SECONDS)
