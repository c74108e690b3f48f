"""Delays in calendar and working days."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicekit.workdays import DayKind, add_days, is_open, open_days_between, zone_of

DAYS = st.dates(date(2020, 1, 1), date(2030, 6, 1))


@pytest.mark.parametrize(
    ("start", "count", "kind", "department", "end"),
    [
        ("2026-04-03", 4, DayKind.OUVRE, "31", "2026-04-10"),  # Easter Monday is closed
        ("2026-04-03", 4, DayKind.OUVRABLE, "31", "2026-04-09"),
        ("2026-04-01", 2, DayKind.OUVRE, "57", "2026-04-07"),  # Moselle: Good Friday closed too
        ("2026-04-01", 2, DayKind.OUVRE, "67", "2026-04-07"),  # Bas-Rhin counts with Alsace
        ("2026-12-24", 10, DayKind.CALENDAR, "31", "2027-01-04"),  # ends on a Sunday, carried over
        ("2028-02-28", 1, DayKind.CALENDAR, "31", "2028-02-29"),
    ],
)
def test_known_delays(start: str, count: int, kind: DayKind, department: str, end: str) -> None:
    assert add_days(date.fromisoformat(start), count, kind, department) == date.fromisoformat(end)


@given(
    DAYS, st.integers(1, 60), st.sampled_from([DayKind.OUVRE, DayKind.OUVRABLE]), st.sampled_from(["31", "67", "974"])
)
def test_a_working_delay_ends_open_and_counts_back(start: date, count: int, kind: DayKind, department: str) -> None:
    end = add_days(start, count, kind, department)
    assert is_open(end, kind, department)
    assert open_days_between(start, end, kind, department) == count


def test_a_year_outside_the_file_is_an_error_not_a_guess() -> None:
    with pytest.raises(LookupError):
        add_days(date(2040, 1, 1), 3, DayKind.OUVRE, "31")


def test_overseas_caisses_count_their_own_days() -> None:
    assert zone_of("974").key == "Indian/Reunion"
    assert zone_of("31").key == "Europe/Paris"
