"""What the tests of the feed share: announcing a move, reading a feed to its end."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.db import Database, ScopedSession
from servicekit.facts import FeedItem, emit, read_feed
from teller_service.models import CounterLost, CounterMoved, CounterSubject, Moved

COUNTER = UUID(int=1)


def moved(value: int) -> CounterMoved:
    """Describe a move."""
    return CounterMoved(caisse="311", subject=CounterSubject(counter=COUNTER), payload=Moved(value=value))


def lost(value: int) -> CounterLost:
    """Describe a loss."""
    return CounterLost(caisse="311", subject=CounterSubject(counter=uuid4()), payload=Moved(value=value))


async def tell(database: Database, *values: int) -> None:
    """Announce moves in one transaction."""
    async with database.system_session("tests") as session:
        emit(session, *map(moved, values))


async def read_all(database: Database, after: str | None = None, limit: int = 100) -> list[FeedItem]:
    """Read a feed to its end, each page in a transaction of its own."""
    items: list[FeedItem] = []
    more = True
    while more:
        async with database.system_session("tests") as session:
            page = await read_feed(session, after, limit)
        items += page.items
        after, more = page.next_cursor, page.more
    return items


def values(items: Iterable[FeedItem]) -> list[object]:
    """Return the values that facts tell, in the order given."""
    return [item.payload["value"] for item in items]


async def ids(session: AsyncSession) -> None:
    """Draw the transaction's id, as every request does when it stores its Idempotency-Key."""
    connection = await session.connection()
    await connection.exec_driver_sql("SELECT pg_current_xact_id()")


def writer_on(database: Database) -> AsyncSession:
    """Return a session whose commits and rollbacks the test decides."""
    info = {"scope": database.system_scope("tests")}
    return AsyncSession(database.engine, sync_session_class=ScopedSession, expire_on_commit=False, info=info)


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    """Wait until something has happened in a database or another process."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - nothing in this process could set an event
            await asyncio.sleep(0.01)
