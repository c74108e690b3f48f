"""When a calendar is open, and where in that a length of time still fits. Pure; instants are UTC.

Rules are in the hours of the wall: half past nine is half past nine before and after a change of clocks, and
the night of the change is as long as it really is.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accompaniments_service.codes import OpeningExceptionKind


@dataclass(frozen=True, slots=True)
class WeeklyRule:
    """Open every `weekday` (0 Monday) between two hours, from a day until a day; both days counted."""

    weekday: int
    from_time: time
    until_time: time
    from_on: date
    until_on: date | None

    def covers(self, day: date) -> bool:
        """Tell whether the rule opens `day`."""
        return day.weekday() == self.weekday and self.from_on <= day and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, slots=True)
class DayException:
    """Closed, or open in addition, from a day until a day; all day when it has no hours."""

    kind: OpeningExceptionKind
    from_on: date
    until_on: date
    from_time: time | None
    until_time: time | None

    def covers(self, day: date) -> bool:
        """Tell whether the exception concerns `day`."""
        return self.from_on <= day <= self.until_on


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A stretch of time, its end not counted."""

    from_at: datetime
    until_at: datetime

    def holds(self, start: datetime, end: datetime) -> bool:
        """Tell whether a stretch lies wholly inside."""
        return self.from_at <= start and end <= self.until_at


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known of a calendar's hours, and in which zone and beside which holidays."""

    zone: ZoneInfo
    is_holiday: Callable[[date], bool]
    rules: Sequence[WeeklyRule]
    exceptions: Sequence[DayException]

    def windows(self, day: date) -> list[Window]:
        """Return the stretches of a day in which the calendar is open, in order, merged where they touch."""
        extra = [e for e in self.exceptions if e.kind is OpeningExceptionKind.EXTRA and e.covers(day)]
        found = [self._window(day, e.from_time, e.until_time) for e in extra]
        if not self.is_holiday(day):
            found += [self._window(day, r.from_time, r.until_time) for r in self.rules if r.covers(day)]
        for e in self.exceptions:
            if e.kind is OpeningExceptionKind.CLOSED and e.covers(day):
                found = _without(found, self._window(day, e.from_time, e.until_time))
        return _merged(found)

    def admits(self, start: datetime, end: datetime) -> bool:
        """Tell whether a stretch lies wholly in the hours of the day it starts on."""
        return any(window.holds(start, end) for window in self.windows(start.astimezone(self.zone).date()))

    def _window(self, day: date, start: time | None, end: time | None) -> Window:
        first = datetime.combine(day, start or time.min, self.zone)
        last = (
            datetime.combine(day + timedelta(days=1), time.min, self.zone)
            if end is None
            else datetime.combine(day, end, self.zone)
        )
        return Window(first.astimezone(UTC), last.astimezone(UTC))


@dataclass(frozen=True, slots=True)
class Held:
    """A place of a calendar that is taken."""

    place: int
    from_at: datetime
    until_at: datetime


def free_place(held: Iterable[Held], capacity: int, start: datetime, end: datetime) -> int | None:
    """Return the first place (1 to `capacity`) that nobody holds between two instants; None when it is full.

    A place above the capacity, held since before it was lowered, counts like another.
    """
    taken = {h.place for h in held if h.from_at < end and start < h.until_at}
    if len(taken) >= capacity:
        return None
    return next(place for place in range(1, capacity + 1) if place not in taken)


def free_starts(
    windows: Iterable[Window], held: Sequence[Held], capacity: int, *, length: timedelta, step: timedelta
) -> list[tuple[datetime, int]]:
    """Return when a stretch of `length` may start, every `step` from each opening, and how many places are left."""
    found: list[tuple[datetime, int]] = []
    for window in windows:
        start = window.from_at
        near = [h for h in held if h.from_at < window.until_at and window.from_at < h.until_at]
        while start + length <= window.until_at:
            end = start + length
            taken = {h.place for h in near if h.from_at < end and start < h.until_at}
            if len(taken) < capacity:
                found.append((start, capacity - len(taken)))
            start += step
    return found


def _without(windows: Iterable[Window], closed: Window) -> list[Window]:
    left: list[Window] = []
    for window in windows:
        if window.until_at <= closed.from_at or closed.until_at <= window.from_at:
            left.append(window)
            continue
        if window.from_at < closed.from_at:
            left.append(Window(window.from_at, closed.from_at))
        if closed.until_at < window.until_at:
            left.append(Window(closed.until_at, window.until_at))
    return left


def _merged(windows: Iterable[Window]) -> list[Window]:
    merged: list[Window] = []
    for window in sorted(windows):
        if window.until_at <= window.from_at:
            continue
        if merged and window.from_at <= merged[-1].until_at:
            merged[-1] = Window(merged[-1].from_at, max(merged[-1].until_at, window.until_at))
        else:
            merged.append(window)
    return merged
