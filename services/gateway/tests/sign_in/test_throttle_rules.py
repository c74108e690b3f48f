"""How long to wait, from attempts and an instant alone."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway_service.sign_in.throttles import ACCOUNT, ADDRESS, RESET, SECOND_FACTOR, Throttle, Throttled

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def ago(*minutes: float) -> list[datetime]:
    return [NOW - m * MINUTE for m in minutes]


@pytest.mark.parametrize(
    ("throttle", "minutes", "wait"),
    [
        (ACCOUNT, (), 0),
        (ACCOUNT, (0, 1, 2, 3), 0),
        (ACCOUNT, (0, 1, 2, 3, 4), 1),
        (ACCOUNT, (0, 1, 2, 3, 4.9), 0.1),
        (ACCOUNT, (0, 1, 2, 3, 5), 0),
        (ACCOUNT, (6, 7, 8, 9, 16, 17, 18, 19, 30), 0),
        (ACCOUNT, (6, 7, 8, 9, 16, 17, 18, 19, 30, 40), 20),
        (ADDRESS, (1,) * 19, 0),
        (ADDRESS, (1,) * 20, 4),
        (SECOND_FACTOR, (1,) * 5, 4),
        (SECOND_FACTOR, (10,) * 19, 0),
        (SECOND_FACTOR, (10,) * 20, 50),
        (SECOND_FACTOR, (600,) * 50, 14 * 60),
        (RESET, (60,) * 4, 0),
        (RESET, (60,) * 5, 23 * 60),
    ],
)
def test_windows(throttle: Throttle, minutes: tuple[float, ...], wait: float) -> None:
    assert throttle.wait(ago(*minutes), NOW) == wait * MINUTE


@pytest.mark.parametrize(
    ("attempts", "wait"), [(10, 2), (11, 4), (12, 8), (13, 16), (14, 32), (15, 60), (40, 60), (99, 60)]
)
def test_beyond_ten_in_a_day_the_wait_doubles_but_never_beyond_an_hour(attempts: int, wait: float) -> None:
    # All but the newest are older than the hour, so only the doubling counts.
    earlier = ago(*(61 + n for n in range(attempts - 1)))
    assert ACCOUNT.wait([NOW, *earlier], NOW) == wait * MINUTE


def test_no_lock_is_for_ever() -> None:
    attempts = [NOW - timedelta(minutes=7 * n) for n in range(200)]
    assert ACCOUNT.wait(attempts, NOW) <= timedelta(hours=1)
    assert ACCOUNT.wait(attempts, NOW + timedelta(hours=1)) <= timedelta()


def test_a_clock_set_back_does_not_open_the_way() -> None:
    future = [NOW + MINUTE] * 5
    assert ACCOUNT.wait(future, NOW) > timedelta()


def test_the_refusal_says_when_to_come_back() -> None:
    assert Throttled(ACCOUNT, timedelta(seconds=40, milliseconds=1)).extra == {"retry_after": 41}
    assert "41 secondes" in Throttled(ACCOUNT, timedelta(seconds=41)).detail
    assert "5 minutes" in Throttled(ACCOUNT, timedelta(seconds=241)).detail
    assert "23 heures" in Throttled(RESET, timedelta(hours=22, minutes=1)).detail
