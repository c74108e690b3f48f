"""Deadlines: settings with their source, counted by the holidays and the clock of each caisse."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from referrals_service.requests.caisse_calendar import Delay, calendar_of, is_caisse
from referrals_service.requests.caisse_settings import national, settings_on
from referrals_service.requests.codes import RequestKind, TrainingRule
from servicekit import clock
from servicekit.workdays import DayKind

FIVE = Delay(5, DayKind.OUVRE)


def test_five_working_days_skip_week_ends_and_holidays() -> None:
    # Thursday 30 April 2026; 1 and 8 May are holidays.
    assert calendar_of("311").deadline(date(2026, 4, 30), FIVE) == date(2026, 5, 11)


def test_alsace_has_good_friday_and_toulouse_has_not() -> None:
    # Good Friday is 3 April 2026, Easter Monday 6 April.
    assert calendar_of("311").deadline(date(2026, 4, 2), Delay(1, DayKind.OUVRE)) == date(2026, 4, 3)
    assert calendar_of("673").deadline(date(2026, 4, 2), Delay(1, DayKind.OUVRE)) == date(2026, 4, 7)


def test_an_overseas_caisse_counts_its_own_days() -> None:
    with clock.travel(datetime(2026, 3, 12, 22, 30, tzinfo=UTC)):
        assert calendar_of("311").today() == date(2026, 3, 12)
        assert calendar_of("974").today() == date(2026, 3, 13)
        assert calendar_of("972").today() == date(2026, 3, 12)


def test_a_regional_social_service_is_not_a_caisse() -> None:
    assert is_caisse("311")
    assert not is_caisse("CARSAT_MIDI_PYRENEES")


def test_national_settings_say_where_they_come_from() -> None:
    assert all(line.source for line in national())
    settings = settings_on(date(2026, 3, 12), {})
    assert settings.misas_training is TrainingRule.WARN
    assert settings.misas_first_contact.delay == FIVE
    assert settings.review_delay(RequestKind.MISAS_REFERRAL).delay == Delay(2, DayKind.OUVRE)
    assert settings.draft_life_days == 30


def test_a_caisse_may_choose_otherwise_but_not_anything() -> None:
    chosen = settings_on(date(2026, 3, 12), {"misas_training": "refuse"})
    assert chosen.misas_training is TrainingRule.REFUSE
    assert chosen.draft_life_days == 30
    with pytest.raises(ValidationError):
        settings_on(date(2026, 3, 12), {"draft_life_days": 0})
    with pytest.raises(ValidationError):
        settings_on(date(2026, 3, 12), {"unheard_of": True})
