"""Deadlines in calendar or working days, by the public holidays of a department.

Source of the holidays: `data/jours_feries.csv`. Counting starts the day after; when the last day is
closed, the deadline is the next open day (notes on working days, article 6 of the field notes).
"""

import calendar
import csv
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo


class DayKind(StrEnum):
    """How a delay is counted: every day, Monday to Friday, or Monday to Saturday."""

    CALENDAR = "calendar"
    OUVRE = "ouvre"
    OUVRABLE = "ouvrable"


_OPEN_WEEKDAYS = {DayKind.OUVRE: 5, DayKind.OUVRABLE: 6}

_ZONES = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
}

# The holidays file names the European collectivity of Alsace, which covers two departments.
_HOLIDAY_SCOPES = {"67": "6AE", "68": "6AE"}


def zone_of(department: str) -> ZoneInfo:
    """Return the time zone in which a caisse of `department` (INSEE code) counts its days."""
    return ZoneInfo(_ZONES.get(department, "Europe/Paris"))


@cache
def _holidays() -> dict[str, frozenset[date]]:
    by_scope: dict[str, set[date]] = {}
    with (files("servicekit") / "data/jours_feries.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            by_scope.setdefault(row["scope"], set()).add(date.fromisoformat(row["date"]))
    return {scope: frozenset(days) for scope, days in by_scope.items()}


@cache
def _years() -> frozenset[int]:
    return frozenset(day.year for day in _holidays()["FR"])


def is_open(day: date, kind: DayKind, department: str) -> bool:
    """Tell whether `day` counts for a delay of this kind in this department."""
    if kind is DayKind.CALENDAR:
        return True
    holidays = _holidays()
    if day.year not in _years():
        raise LookupError(f"the file of public holidays does not cover {day.year}")
    closed = day in holidays["FR"] or day in holidays.get(_HOLIDAY_SCOPES.get(department, department), ())
    return day.weekday() < _OPEN_WEEKDAYS[kind] and not closed


def add_days(start_on: date, count: int, kind: DayKind, department: str) -> date:
    """Return the last day of a delay of `count` days of `kind` that starts the day after `start_on`.

    A calendar delay that ends on a day when nobody works is carried to the next working day (ouvré).
    """
    day = start_on
    if kind is DayKind.CALENDAR:
        day += timedelta(days=count)
        while not is_open(day, DayKind.OUVRE, department):
            day += timedelta(days=1)
        return day
    left = count
    while left > 0:
        day += timedelta(days=1)
        if is_open(day, kind, department):
            left -= 1
    return day


def open_days_between(start_on: date, end_on: date, kind: DayKind, department: str) -> int:
    """Count the days of `kind` after `start_on` up to and with `end_on`; negative when `end_on` is past."""
    if end_on < start_on:
        return -open_days_between(end_on, start_on, kind, department)
    days = (start_on + timedelta(days=n) for n in range(1, (end_on - start_on).days + 1))
    return sum(is_open(day, kind, department) for day in days)


def add_months(day: date, months: int) -> date:
    """Return the same date so many months later, shortened at the end of short months."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
