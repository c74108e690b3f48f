"""Who is behind a cookie, cheaply, on every request.

What the front needs: `Sessions.resolve` and `Sessions.touch`. Changes of a session are in `session_life.py`.
The answer is kept at most `CACHE_SECONDS` in the process, so that a revocation or a demotion that another
replica or `partners` decided counts within a second, the time of the feed included.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Final, Literal
from uuid import UUID

import psycopg
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy.engine import make_url

from gateway_service.sealing import token_hash
from servicekit import clock

COOKIE: Final = "__Host-sid"
CACHE_SECONDS: Final = 0.4
TOUCH_EVERY: Final = timedelta(seconds=20)
IDLE: Final = timedelta(minutes=30)
IDLE_SENSITIVE: Final = timedelta(minutes=15)
SENSITIVE_AUDIENCES: Final = frozenset({"officer"})
SENSITIVE_ROLES: Final = frozenset({"medecin_conseil"})
STEP_UP: Final = timedelta(minutes=10)
_MOST_CACHED: Final = 10_000
_CONNECTIONS: Final = 4

State = Literal["second_factor", "enrolment", "open"]


@dataclass(frozen=True, slots=True)
class Role:
    """One assignment a person may act under: one audience, one role, one caisse."""

    assignment_id: UUID
    audience: str
    role: str
    caisse: str
    structure_id: UUID | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A live session. `active` is None when no role is chosen or the chosen one has ended.

    `auth_time` is set exactly when `state` is "open": before that, no token may be minted.
    """

    id: UUID
    account_id: UUID
    state: State
    active: Role | None
    auth_time: datetime | None
    stepup_at: datetime | None
    seen_at: datetime
    expires_at: datetime
    cookie_hash: bytes

    @property
    def session_hash(self) -> str:
        """Return how tokens and journals name the session: stable while it lives, useless as a cookie."""
        return self.id.hex

    @property
    def idle_expires_at(self) -> datetime:
        """Return when it ends if nothing is done with it."""
        return min(self.seen_at + idle_limit(self.active), self.expires_at)

    def live(self, now: datetime) -> bool:
        """Tell whether neither limit has passed."""
        return now < self.idle_expires_at

    @property
    def stepup_until(self) -> datetime | None:
        """Return until when the last second factor covers sensitive acts."""
        return None if self.stepup_at is None else self.stepup_at + STEP_UP


def idle_limit(active: Role | None) -> timedelta:
    """Return how long a session may rest: 30 minutes, 15 for medical officers, data protection and admins."""
    if active is None:
        return IDLE
    sensitive = active.audience in SENSITIVE_AUDIENCES or active.role in SENSITIVE_ROLES
    return IDLE_SENSITIVE if sensitive else IDLE


# A role counts while it has begun, in its caisse's own time, has not ended, and its structure's portal is open:
# a structure of which nothing is known yet is not open.
_USABLE = """
    g.ended_at IS NULL
    AND daterange(g.from_on, g.until_on, '[]') @> (
        %(now)s::timestamptz AT TIME ZONE
        coalesce((SELECT b.time_zone FROM bodies b WHERE b.code = g.caisse), 'Europe/Paris')
    )::date
    AND (
        g.structure_id IS NULL
        OR EXISTS (SELECT FROM structures t WHERE t.id = g.structure_id AND t.state = 'open')
    )
"""
_RESOLVE = f"""
    SELECT s.id, s.account_id, s.state, s.auth_time, s.stepup_at, s.seen_at, s.expires_at,
           g.id, g.audience, g.role, g.caisse, g.structure_id, g.unit
    FROM sessions s
    JOIN accounts a ON a.id = s.account_id AND a.state = 'active'
    LEFT JOIN assignments g ON g.id = s.assignment_id AND g.account_id = s.account_id AND {_USABLE}
    WHERE s.cookie_hash = %(cookie_hash)s AND s.ended_at IS NULL
"""  # noqa: S608 - constants only
_ROLES = f"""
    SELECT g.id, g.audience, g.role, g.caisse, g.structure_id, g.unit FROM assignments g
    WHERE g.account_id = %(account_id)s AND {_USABLE} ORDER BY g.from_on, g.id
"""  # noqa: S608 - constants only
_TOUCH = "UPDATE sessions SET seen_at = greatest(seen_at, %(now)s) WHERE id = %(id)s AND ended_at IS NULL"


@dataclass(slots=True)
class Sessions:
    """Reads sessions through a small pool of its own, one round trip a look-up.

    The pool sets its role once a connection: nothing else ever runs on it, so there is no scope to leak.
    """

    pool: AsyncConnectionPool
    _cache: dict[bytes, tuple[float, OpenSession]] = field(default_factory=dict)

    @classmethod
    def on(cls, database_url: str) -> "Sessions":
        """Prepare for a database; call `open` before use and `close` after."""
        url = make_url(database_url).set(drivername="postgresql")
        pool = AsyncConnectionPool(
            url.render_as_string(hide_password=False),
            kwargs={"autocommit": True, "connect_timeout": 2, "application_name": "gateway-sessions"},
            configure=_act_as_system,
            min_size=1,
            max_size=_CONNECTIONS,
            timeout=2,
            reconnect_timeout=10,
            open=False,
        )
        return cls(pool)

    async def open(self) -> None:
        """Connect."""
        await self.pool.open()

    async def close(self) -> None:
        """Give the connections back."""
        await self.pool.close()

    async def resolve(self, cookie_value: str | None, *, fresh: bool = False) -> OpenSession | None:
        """Return the live session of a cookie in whatever state, or None. `fresh` skips the cache.

        Raises `psycopg.OperationalError` (or `psycopg_pool.PoolTimeout`, which is one) with the database
        away: nobody can be told from anybody then, and the caller answers 503.
        """
        if not cookie_value:
            return None
        now = clock.system_now()
        cookie_hash = token_hash(cookie_value)
        cached = self._cache.get(cookie_hash)
        if cached is not None and not fresh and monotonic() < cached[0]:
            return cached[1] if cached[1].live(now) else None
        rows = await self._fetch(_RESOLVE, {"cookie_hash": cookie_hash, "now": clock.now()})
        if not rows:
            self._cache.pop(cookie_hash, None)
            return None
        found = _session(rows[0], cookie_hash)
        if len(self._cache) >= _MOST_CACHED:
            self._cache.clear()
        self._cache[cookie_hash] = (monotonic() + CACHE_SECONDS, found)
        return found if found.live(now) else None

    async def touch(self, session: OpenSession) -> None:
        """Note that the person is at work, which puts the idle limit off; written at most every 20 s."""
        now = clock.system_now()
        if now - session.seen_at >= TOUCH_EVERY:
            await self._fetch(_TOUCH, {"id": session.id, "now": now})
            self._cache.pop(session.cookie_hash, None)

    async def roles(self, account_id: UUID) -> list[Role]:
        """Return every role the account may choose today."""
        rows = await self._fetch(_ROLES, {"account_id": account_id, "now": clock.now()})
        return [Role(*row) for row in rows]

    def forget(self) -> None:
        """Drop what is cached, after a change made in this process."""
        self._cache.clear()

    async def _fetch(self, query: str, parameters: dict[str, object]) -> Sequence[TupleRow]:
        # After a restart of the database every idle connection is found dead once, and replaced.
        for _ in range(_CONNECTIONS):
            try:
                return await self._fetch_once(query, parameters)
            except PoolTimeout:
                raise
            except psycopg.OperationalError:
                continue
        return await self._fetch_once(query, parameters)

    async def _fetch_once(self, query: str, parameters: dict[str, object]) -> Sequence[TupleRow]:
        async with self.pool.connection() as connection:
            cursor = await connection.execute(query.encode(), parameters)
            return await cursor.fetchall() if cursor.description else []


async def _act_as_system(connection: psycopg.AsyncConnection) -> None:
    await connection.execute("SET ROLE gateway_system")


def _session(row: TupleRow, cookie_hash: bytes) -> OpenSession:
    session_id, account_id, state, auth_time, stepup_at, seen_at, expires_at, *role = row
    return OpenSession(
        id=session_id,
        account_id=account_id,
        state=state,
        active=Role(*role) if role[0] is not None else None,
        auth_time=auth_time,
        stepup_at=stepup_at,
        seen_at=seen_at,
        expires_at=expires_at,
        cookie_hash=cookie_hash,
    )
