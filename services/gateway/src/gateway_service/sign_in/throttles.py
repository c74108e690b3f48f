"""How often one may guess. Counted in the database, so that replicas share it, on the system's clock.

An attempt is charged before the guess is verified and taken back when it was right: parallel guesses cannot
pass the limit together. Nothing here locks for ever: a throttle only makes wait, at most `Doubling.ceiling`,
and what is refused is not counted, so insisting does not lengthen the wait.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy import and_, delete, func, insert, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from gateway_service.sign_in.models import Attempt
from servicekit.db import new_id
from servicekit.errors import TooMany


@dataclass(frozen=True, slots=True)
class Window:
    """At most `most` attempts in any stretch of `during`."""

    most: int
    during: timedelta


@dataclass(frozen=True, slots=True)
class Doubling:
    """After `beyond` attempts in `during`, each further one waits twice as long as the one before."""

    beyond: int
    during: timedelta
    first: timedelta
    ceiling: timedelta


@dataclass(frozen=True, slots=True)
class Throttle:
    """One limit, on one kind of key."""

    name: str
    windows: tuple[Window, ...]
    doubling: Doubling | None = None

    @property
    def horizon(self) -> timedelta:
        """How far back attempts still count."""
        spans = [window.during for window in self.windows]
        return max([*spans, self.doubling.during] if self.doubling else spans)

    def wait(self, attempts: Sequence[datetime], now: datetime) -> timedelta:
        """Return how long from `now` the next attempt must wait; zero or less when it may go."""
        newest_first = sorted(attempts, reverse=True)
        waits = [timedelta()]
        for window in self.windows:
            if len(newest_first) >= window.most:
                waits.append(newest_first[window.most - 1] + window.during - now)
        if self.doubling is not None:
            recent = sum(at > now - self.doubling.during for at in newest_first)
            if recent >= self.doubling.beyond:
                doubled = self.doubling.first * 2 ** min(recent - self.doubling.beyond, 16)
                waits.append(newest_first[0] + min(doubled, self.doubling.ceiling) - now)
        return max(waits)


_5_MIN, _HOUR, _DAY = timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)

ACCOUNT: Final = Throttle(
    "account",
    (Window(5, _5_MIN), Window(10, _HOUR)),
    Doubling(beyond=10, during=_DAY, first=timedelta(minutes=2), ceiling=_HOUR),
)
"""Passwords tried for one address, whether or not it is known."""
ADDRESS: Final = Throttle("address", (Window(20, _5_MIN),))
"""Wrong guesses from one IP: an office or a hospital shares it, so it only delays."""
SECOND_FACTOR: Final = Throttle("second_factor", (Window(5, _5_MIN), Window(20, _HOUR), Window(50, _DAY)))
RESET: Final = Throttle("reset", (Window(5, _DAY),))
LINK: Final = Throttle("link", (Window(20, _5_MIN),))
"""Invitation and reset links opened from one IP."""
FEED: Final = Throttle("feed", (Window(60, _HOUR),))
"""Readings of one followed calendar: programs ask every few minutes."""
FEED_ADDRESS: Final = Throttle("feed_address", (Window(20, _5_MIN),))
"""Addresses of calendars that do not exist, tried from one IP."""

THROTTLES: Final = (ACCOUNT, ADDRESS, SECOND_FACTOR, RESET, LINK, FEED, FEED_ADDRESS)
LONGEST_HORIZON: Final = max(throttle.horizon for throttle in THROTTLES)
ALERT: Final = Window(1_000, _5_MIN)
"""All sign-ins together: nobody is refused, somebody is told."""


@dataclass(frozen=True, slots=True)
class Charge:
    """An attempt that was let through, to be taken back if the guess was right."""

    attempts: tuple[UUID, ...]


class Throttled(TooMany):
    """Too many attempts; `retry_after` (seconds) says when the next may come."""

    slug = "too-many-attempts"
    title = "Trop d'essais"

    def __init__(self, throttle: Throttle, wait: timedelta) -> None:
        self.throttle = throttle.name
        self.retry_after = max(1, -(-wait // timedelta(seconds=1)))
        super().__init__(
            f"Trop d'essais. Vous pourrez recommencer dans {_in_words(self.retry_after)}.",
            retry_after=self.retry_after,
        )


class Turns:
    """Makes parallel guesses at one key wait here, where waiting holds no connection to the database.

    Between replicas the lock in the database orders them; without this one, a volley at one account would
    take up every connection of the pool with waiting.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[tuple[str, bytes], asyncio.Lock] = WeakValueDictionary()

    def of(self, throttle: Throttle, key: bytes) -> asyncio.Lock:
        """Return the lock of one key; it goes away with the last who waits for it."""
        return self._locks.setdefault((throttle.name, key), asyncio.Lock())


async def charge(session: AsyncSession, keys: Sequence[tuple[Throttle, bytes]], now: datetime) -> Charge | Throttled:
    """Count one attempt under every key, or under none and say why; for a short transaction of its own.

    The refusal is returned, not raised, so that the caller's journal of it is committed.
    """
    in_order = sorted(keys, key=lambda pair: (pair[0].name, pair[1]))
    for _, key in in_order:
        await session.execute(_LOCK, {"key": int.from_bytes(key[:8], signed=True)})
    asked = or_(
        *(
            and_(Attempt.throttle == throttle.name, Attempt.key == key, Attempt.at > now - throttle.horizon)
            for throttle, key in in_order
        )
    )
    earlier: dict[str, list[datetime]] = {throttle.name: [] for throttle, _ in in_order}
    for name, at in await session.execute(select(Attempt.throttle, Attempt.at).where(asked)):
        earlier[name].append(at)
    for throttle, _ in in_order:
        wait = throttle.wait(earlier[throttle.name], now)
        if wait > timedelta():
            return Throttled(throttle, wait)
    rows = [{"id": new_id(), "throttle": throttle.name, "key": key, "at": now} for throttle, key in in_order]
    await session.execute(insert(Attempt), rows)
    return Charge(tuple(UUID(str(row["id"])) for row in rows))


async def take_back(session: AsyncSession, charged: Charge) -> None:
    """Uncount an attempt that was right."""
    await session.execute(delete(Attempt).where(Attempt.id.in_(charged.attempts)))


async def forget(session: AsyncSession, throttle: Throttle, key: bytes) -> None:
    """Uncount everything under a key, once its owner has proved to be there."""
    await session.execute(delete(Attempt).where(Attempt.throttle == throttle.name, Attempt.key == key))


async def under_attack(session: AsyncSession, now: datetime) -> bool:
    """Tell whether the whole system sees more wrong guesses than its people can make."""
    recent = (
        select(Attempt.id)
        .where(Attempt.throttle == ADDRESS.name, Attempt.at > now - ALERT.during)
        .limit(ALERT.most)
        .subquery()
    )
    return (await session.execute(select(func.count()).select_from(recent))).scalar_one() >= ALERT.most


async def purge(session: AsyncSession, now: datetime) -> None:
    """Delete the attempts that no throttle looks at any more."""
    await session.execute(delete(Attempt).where(Attempt.at <= now - LONGEST_HORIZON))


_LOCK = text("SELECT pg_advisory_xact_lock(:key)")


def _in_words(seconds: int) -> str:
    if seconds < 90:
        return f"{seconds} secondes"
    if seconds < 5_400:
        return f"{-(-seconds // 60)} minutes"
    return f"{-(-seconds // 3600)} heures"
