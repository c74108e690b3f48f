"""Following another service's facts: each takes effect here once, in order, whatever is killed when.

The cursor of a source is stored in the transaction of the effects it stands for, after a check that it still
is where the page was asked from. So a follower that dies repeats the page it had not committed, and two
replicas that follow the same source never both apply a fact.

A handler is `async def handle(session, fact)`; it works in that transaction and never commits, nor waits for
the network (a handover is asked for in a job). The annotation of `fact` is the consumer's own model of it:

    async def on_activated(session: AsyncSession, fact: Published[StructureSubject, Activated]) -> None: ...

    Follower("partners", {"structure.activated": on_activated})

A fact of a type that nobody handles is passed over. A fact that cannot be applied stops the source at it: it
is tried again for ever, named in the logs, the metrics and /readyz, and never skipped. A cursor that the
source refuses (it lost facts in a restore) stops it too: `python -m servicekit replay PACKAGE SOURCE` then
rebuilds what was followed from the first fact.
"""

import asyncio
import inspect
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import httpx
from prometheus_client import Counter, Gauge
from pydantic import BaseModel, JsonValue
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit import clock
from servicekit.db import Database
from servicekit.facts import FOLLOW, Published
from servicekit.identity import ServiceIdentity, TokenSource, tls
from servicekit.tables import cursors
from servicekit.telemetry import log

if TYPE_CHECKING:
    from servicekit.app import Service

IDLE_SECONDS: Final = 0.2
LONGEST_WAIT_SECONDS: Final = 5.0
CURSOR_TRUSTED_SECONDS: Final = 1.0
"""How long an idle follower asks after the cursor it knows; applying a page checks the stored one anyway."""
PAGE: Final = 500

Handler = Callable[..., Awaitable[None]]
"""`async def handle(session: AsyncSession, fact: Published[…]) -> None`"""

APPLIED = Counter("follower_facts_total", "Facts passed, handled or not", ["source"])
TROUBLE = Gauge("follower_trouble", "1 while something keeps a source from being followed", ["source", "reason"])
CAUGHT_UP = Gauge("follower_caught_up_at_seconds", "When nothing was left to read", ["source"])

# The database or a lock is away for a moment; says nothing about the fact being applied.
_PASSING = (OperationalError, InterfaceError, PoolTimeout, OSError)


class _Item(Published[dict[str, JsonValue], dict[str, JsonValue]]):
    cursor: str


class _Page(BaseModel):
    items: list[_Item]
    next_cursor: str | None
    more: bool


class CursorRefusedBySource(Exception):
    """The source does not know the last fact applied here."""


class NoToken(Exception):
    """The gateway gave no token; the cause is chained."""


class FactNotApplied(Exception):
    """A handler failed on a fact; the cause is chained."""

    def __init__(self, fact: _Item) -> None:
        super().__init__(fact.type)
        self.fact = fact


_REASONS: Final[tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...]] = (
    (FactNotApplied, "a fact could not be applied"),
    (CursorRefusedBySource, "the cursor was refused"),
    (NoToken, "the gateway gave no token"),
    (_PASSING, "the database is away"),
    (httpx.TransportError, "the source is away"),
)


def backoff(failures: int) -> float:
    """Return how many seconds to wait after so many failures in a row; no two followers wait the same."""
    longest = LONGEST_WAIT_SECONDS if failures > 5 else IDLE_SECONDS * 2**failures  # 2**1024 is no float
    return min(longest, LONGEST_WAIT_SECONDS) * random.uniform(0.5, 1)  # noqa: S311 - jitter


@dataclass(frozen=True, slots=True)
class _Known:
    cursor: str | None
    until: float


class Follower:
    """Follows one source as long as the service runs.

    `forget` empties what the handlers built, for a replay; without it they must be able to build it again
    over what is there. `token_source` replaces the service's identity (the gateway mints its own tokens).
    """

    def __init__(
        self,
        source: str,
        handlers: Mapping[str, Handler],
        *,
        forget: Callable[[AsyncSession], Awaitable[None]] | None = None,
        token_source: TokenSource | None = None,
        page: int = PAGE,
    ) -> None:
        self.source = source
        self.page = page
        self.models = {kind: _model_of(handler) for kind, handler in handlers.items()}
        self._handlers = handlers
        self._forget = forget
        self._token_source = token_source
        self._trouble: str | None = None
        self._known: _Known | None = None

    def trouble(self) -> str | None:
        """Say what keeps the source from being followed."""
        return f"{self.source}: {self._trouble}" if self._trouble else None

    async def run(self, service: "Service") -> None:
        """Follow until cancelled."""
        token = self._token_source or ServiceIdentity(service.name, service.settings)
        failures = 0
        source = service.settings.peers[self.source]
        async with httpx.AsyncClient(base_url=source, timeout=5, verify=tls()) as http:
            while True:
                try:
                    more = await self.step(service.database, http, token)
                except Exception as error:  # noqa: BLE001 - process boundary: following outlives any failure
                    failures += 1
                    wait = backoff(failures)
                    self._report(error, wait)
                else:
                    failures = 0
                    wait = 0 if more else IDLE_SECONDS
                    self._report_well(caught_up=not more)
                await asyncio.sleep(wait)

    async def step(self, database: Database, http: httpx.AsyncClient, token: TokenSource) -> bool:
        """Read one page and apply it; tell whether another is waiting."""
        known, self._known = self._known, None
        if known is None or known.until < time.monotonic():
            known = _Known(await self._cursor(database), time.monotonic() + CURSOR_TRUSTED_SECONDS)
        after = known.cursor
        try:
            bearer = await token(f"svc-{self.source}", FOLLOW)
        except httpx.HTTPError as error:
            raise NoToken from error
        answer = await http.get(
            "/internal/facts",
            params={"limit": self.page} | ({"after": after} if after else {}),
            headers={"Authorization": f"Bearer {bearer}"},
        )
        if answer.status_code == HTTPStatus.CONFLICT:
            raise CursorRefusedBySource
        page = _Page.model_validate_json(answer.raise_for_status().content)
        if page.next_cursor is None or page.next_cursor == after:
            self._known = known
            return False
        try:
            await self._apply(database, page.items, after, page.next_cursor)
        except Exception:  # noqa: BLE001 - whatever one fact raises, those before it must take effect
            await self._apply_one_by_one(database, page, after)
        return page.more

    async def _apply_one_by_one(self, database: Database, page: _Page, after: str | None) -> None:
        for item in page.items:
            try:
                await self._apply(database, [item], after, item.cursor)
            except _PASSING:
                raise
            except Exception as error:
                raise FactNotApplied(item) from error
            after = item.cursor
        await self._apply(database, [], after, page.next_cursor)

    async def _apply(self, database: Database, items: Sequence[_Item], after: str | None, cursor: str | None) -> None:
        """Apply facts and move the cursor past them, unless another replica did or is doing so."""
        async with database.system_session(FOLLOW) as session:
            ours = cursors.c.source == self.source
            held = await session.execute(select(cursors.c.cursor).where(ours).with_for_update(skip_locked=True))
            if held.all() != [(after,)]:
                return
            for item in items:
                if item.type in self._handlers:
                    fact = self.models[item.type].model_validate(dict(item))
                    await self._handlers[item.type](session, fact)
            await session.execute(update(cursors).where(ours).values(cursor=cursor, moved_at=func.now()))
        APPLIED.labels(self.source).inc(len(items))

    async def _cursor(self, database: Database) -> str | None:
        async with database.system_session(FOLLOW) as session:
            found = (
                await session.execute(select(cursors.c.cursor).where(cursors.c.source == self.source))
            ).one_or_none()
            if found is None:
                await session.execute(insert(cursors).values(source=self.source).on_conflict_do_nothing())
                return None
            cursor: str | None = found.cursor
            return cursor

    async def replay(self, database: Database) -> None:
        """Forget what was built from this source and begin again at its first fact.

        Safe beside running replicas: the one that is applying finishes first, then all start over.
        """
        self._known = None
        async with database.system_session(FOLLOW) as session:
            ours = cursors.c.source == self.source
            await session.execute(select(cursors.c.source).where(ours).with_for_update())
            if self._forget is not None:
                await self._forget(session)
            await session.execute(update(cursors).where(ours).values(cursor=None, moved_at=func.now()))

    def _report(self, error: Exception, wait: float) -> None:
        reason = next((said for kind, said in _REASONS if isinstance(error, kind)), "the source answered an error")
        about = {"event_type": error.fact.type} if isinstance(error, FactNotApplied) else {}
        self._set_trouble(reason)
        log.warning(
            "following stopped for a moment",
            source=self.source,
            reason=reason,
            delay_s=round(wait, 1),
            exc_info=error.__cause__ or error,
            **about,
        )

    def _report_well(self, *, caught_up: bool) -> None:
        self._set_trouble(None)
        if caught_up:
            CAUGHT_UP.labels(self.source).set(clock.system_now().timestamp())

    def _set_trouble(self, reason: str | None) -> None:
        if self._trouble is not None and self._trouble != reason:
            TROUBLE.labels(self.source, self._trouble).set(0)
        if reason is not None:
            TROUBLE.labels(self.source, reason).set(1)
        self._trouble = reason


def _model_of(handler: Handler) -> type[Published[object, object]]:
    """Return the model in which a handler wants its fact, from its signature."""
    parameters = list(inspect.signature(handler, eval_str=True).parameters.values())
    model = parameters[1].annotation if len(parameters) == 2 else None
    if not (isinstance(model, type) and issubclass(model, Published)):
        raise TypeError(f"{handler} must take a session and a fact annotated with its model")
    return model
