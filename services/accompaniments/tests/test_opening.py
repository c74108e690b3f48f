"""Hours: weeks, exceptions, holidays, changes of clocks, overseas. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accompaniments_service.caisse_clock import CaisseClock
from accompaniments_service.calendars.opening import (
    DayException,
    Held,
    Opening,
    WeeklyRule,
    Window,
    free_place,
    free_starts,
)
from accompaniments_service.codes import OpeningExceptionKind

PARIS = ZoneInfo("Europe/Paris")
EVER = date(2026, 1, 1)


def opening(*rules: WeeklyRule, exceptions: tuple[DayException, ...] = (), where: CaisseClock | None = None) -> Opening:
    clock = where or CaisseClock("31", PARIS)
    return Opening(clock.zone, clock.is_holiday, rules, exceptions)


def rule(weekday: int, first: str, last: str, from_on: date = EVER, until_on: date | None = None) -> WeeklyRule:
    return WeeklyRule(weekday, time.fromisoformat(first), time.fromisoformat(last), from_on, until_on)


def utc(windows: list[Window]) -> list[str]:
    return [f"{w.from_at:%d %H:%M}-{w.until_at:%H:%M}" for w in windows]


def test_nine_o_clock_is_nine_o_clock_on_both_sides_of_a_change() -> None:
    mondays = opening(rule(0, "09:00", "12:00"))
    assert utc(mondays.windows(date(2026, 3, 23))) == ["23 08:00-11:00"]
    assert utc(mondays.windows(date(2026, 3, 30))) == ["30 07:00-10:00"]
    assert utc(mondays.windows(date(2026, 10, 26))) == ["26 08:00-11:00"]


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 2), (date(2026, 10, 25), 4), (date(2026, 3, 22), 3)])
def test_the_night_of_a_change_is_as_long_as_it_is(day: date, hours: int) -> None:
    nights = opening(rule(6, "01:00", "04:00"))
    [window] = nights.windows(day)
    assert window.until_at - window.from_at == timedelta(hours=hours)
    starts = free_starts([window], [], 1, length=timedelta(minutes=30), step=timedelta(minutes=30))
    assert len(starts) == hours * 2
    assert len({at for at, _ in starts}) == hours * 2


@pytest.mark.parametrize(
    ("department", "zone", "expected"),
    [
        ("974", "Indian/Reunion", "01 04:00-08:00"),
        ("972", "America/Martinique", "01 12:00-16:00"),
        ("975", "America/Miquelon", "01 10:00-14:00"),
    ],
)
def test_overseas_caisses_open_at_their_own_hours(department: str, zone: str, expected: str) -> None:
    there = opening(rule(2, "08:00", "12:00"), where=CaisseClock(department, ZoneInfo(zone)))
    assert utc(there.windows(date(2026, 7, 1))) == [expected]


def test_public_holidays_of_the_department_are_closed_unless_opened() -> None:
    fridays = (rule(4, "09:00", "12:00"),)
    good_friday = date(2026, 4, 3)
    assert opening(*fridays).windows(good_friday)
    assert not opening(*fridays, where=CaisseClock("67", PARIS)).windows(good_friday)
    assert not opening(*fridays).windows(date(2026, 5, 1))
    extra = DayException(OpeningExceptionKind.EXTRA, date(2026, 5, 1), date(2026, 5, 1), time(10), time(11))
    assert utc(opening(*fridays, exceptions=(extra,)).windows(date(2026, 5, 1))) == ["01 08:00-09:00"]


def test_closed_days_and_hours_are_cut_out() -> None:
    lunch = DayException(OpeningExceptionKind.CLOSED, date(2026, 3, 23), date(2026, 3, 23), time(10), time(10, 30))
    leave = DayException(OpeningExceptionKind.CLOSED, date(2026, 3, 30), date(2026, 4, 10), None, None)
    mondays = opening(rule(0, "09:00", "12:00"), exceptions=(lunch, leave))
    assert utc(mondays.windows(date(2026, 3, 23))) == ["23 08:00-09:00", "23 09:30-11:00"]
    assert mondays.windows(date(2026, 3, 30)) == []
    assert mondays.windows(date(2026, 4, 6)) == []
    assert utc(mondays.windows(date(2026, 4, 13))) == ["13 07:00-10:00"]


def test_rules_hold_from_a_day_until_a_day_and_touching_ones_are_one() -> None:
    term = opening(
        rule(0, "09:00", "10:30", date(2026, 3, 1), date(2026, 3, 31)), rule(0, "10:30", "12:00", date(2026, 3, 1))
    )
    assert utc(term.windows(date(2026, 3, 30))) == ["30 07:00-10:00"]
    assert utc(term.windows(date(2026, 4, 13))) == ["13 08:30-10:00"]
    assert term.windows(date(2026, 2, 23)) == []


def test_an_appointment_over_a_closed_moment_is_refused() -> None:
    mondays = opening(rule(0, "09:00", "12:00"), rule(0, "14:00", "17:00"))
    at = datetime(2026, 3, 23, 10, 30, tzinfo=UTC)
    assert mondays.admits(at, at + timedelta(minutes=30))
    assert not mondays.admits(at, at + timedelta(minutes=45))


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 46), st.integers(1, 6)), max_size=12), st.integers(1, 3))
def test_a_free_start_has_a_free_place_and_only_then(taken: list[tuple[int, int, int]], capacity: int) -> None:
    day = datetime(2026, 3, 23, tzinfo=UTC)
    quarter = timedelta(minutes=15)
    held = [Held(place, day + n * quarter, day + (n + size) * quarter) for place, n, size in taken]
    window = Window(day, day + 48 * quarter)
    length = timedelta(minutes=30)
    free = dict(free_starts([window], held, capacity, length=length, step=quarter))
    for n in range(47):
        start = day + n * quarter
        place = free_place(held, capacity, start, start + length)
        assert (start in free) is (place is not None)
        if place is not None:
            assert 1 <= place <= capacity
            assert not any(h.place == place and h.from_at < start + length and start < h.until_at for h in held)


def test_a_place_above_a_lowered_capacity_counts() -> None:
    at = datetime(2026, 3, 23, 10, tzinfo=UTC)
    half = timedelta(minutes=30)
    held = [Held(2, at, at + half)]
    assert free_place(held, 1, at, at + half) is None
    assert free_starts([Window(at, at + half)], held, 1, length=half, step=half) == []
    assert free_place(held, 2, at, at + half) == 1
