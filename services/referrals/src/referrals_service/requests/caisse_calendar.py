"""Where a caisse counts its days: its department's holidays and its time zone."""

import csv
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from servicekit import clock
from servicekit.workdays import DayKind, add_days, open_days_between, zone_of


@dataclass(frozen=True, slots=True)
class Delay:
    """A number of days and how they are counted."""

    days: int
    kind: DayKind


@dataclass(frozen=True, slots=True)
class CaisseCalendar:
    """The days of one body; overseas caisses are in another day than Paris for part of each day.

    `social_service` is the regional body that carries the caisse's social service; None for such a body.
    """

    caisse: str
    department: str
    social_service: str | None

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone of the caisse."""
        return zone_of(self.department)

    def today(self) -> date:
        """Return the present date there."""
        return clock.today(self.zone)

    def day_of(self, at: datetime) -> date:
        """Return the date there of an instant."""
        return at.astimezone(self.zone).date()

    def deadline(self, start_on: date, delay: Delay) -> date:
        """Return the last day of a delay whose count begins the day after `start_on`."""
        return add_days(start_on, delay.days, delay.kind, self.department)

    def days_between(self, start_on: date, end_on: date, kind: DayKind) -> int:
        """Count the days of a kind after `start_on` up to and with `end_on`."""
        if kind is DayKind.CALENDAR:
            return (end_on - start_on).days
        return open_days_between(start_on, end_on, kind, self.department)

    def working_days(self, start_on: date, end_on: date) -> int:
        """Count the days Monday to Friday, holidays out, after `start_on` up to and with `end_on`."""
        return open_days_between(start_on, end_on, DayKind.OUVRE, self.department)


@cache
def _calendars() -> dict[str, CaisseCalendar]:
    """Read the bodies kept by `partners`: code, first department, social service. A contract test compares."""
    with (files("referrals_service") / "data/bodies.csv").open(encoding="utf-8") as lines:
        return {
            row["code"]: CaisseCalendar(row["code"], row["department"], row["social_service"] or None)
            for row in csv.DictReader(lines)
        }


def is_caisse(code: str) -> bool:
    """Tell whether `code` is that of a caisse, not of a regional social service nor of nothing."""
    calendar = _calendars().get(code)
    return calendar is not None and calendar.social_service is not None


def calendar_of(caisse: str) -> CaisseCalendar:
    """Return the calendar of a body; KeyError for a code that is none."""
    return _calendars()[caisse]
