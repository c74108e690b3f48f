"""Two clocks. The domain's can travel (tests, demonstration year); the system's never does."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_offset: ContextVar[timedelta] = ContextVar("domain_clock_offset", default=timedelta())


def now() -> datetime:
    """Return the present instant of the domain, aware, UTC: deadlines, states, dates shown to people."""
    return system_now() + _offset.get()


def today(zone: ZoneInfo) -> date:
    """Return the present date in the caisse's time zone (overseas caisses count their own days)."""
    return now().astimezone(zone).date()


def system_now() -> datetime:
    """Return the machine's instant, aware, UTC: sessions, tokens, throttles, journals."""
    return datetime.now(UTC)


@contextmanager
def travel(at: datetime) -> Iterator[None]:
    """Move the domain's clock to `at`; it goes on ticking from there until the block ends."""
    token = _offset.set(at - system_now())
    try:
        yield
    finally:
        _offset.reset(token)
