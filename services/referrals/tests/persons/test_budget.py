"""The reading budget: distinct persons shown to an account, over an hour and a day, whatever is in parallel."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from referrals_service.persons.budget import ALERTS
from referrals_service.settings import ReadingBudget
from servicekit import clock
from servicekit.access import Actor, Audience
from servicekit.testing import ServiceUnderTest, an_actor

from .situations import AGENT, Here


@pytest.fixture
def budget(under_test: ServiceUnderTest) -> Iterator[ReadingBudget]:
    """Give advisers a budget small enough to be spent here."""
    settings = under_test.app.state.service.settings
    small = ReadingBudget(soft_per_hour=3, hard_per_day=10)
    under_test.app.state.service.settings = settings.model_copy(
        update={"reading_budgets_by_role": {"conseiller_misas": small}}
    )
    yield small
    under_test.app.state.service.settings = settings


@pytest.fixture
async def persons(here: Here) -> list[UUID]:
    """Twelve persons entrusted to the adviser's unit."""
    ids = [await here.register(first_names=f"Prénom {letter}", last_name="Rey") for letter in "abcdefghijkl"]
    for person in ids:
        await here.entrust(person, here.adviser, holder_kind="unit", holder="misas")
    return ids


async def name(here: Here, actor: Actor, ids: list[UUID]) -> int:
    answer = await here.client(actor).post(f"{AGENT}/batch", {"ids": [str(each) for each in ids]})
    return answer.status_code


def alerts(limit: str) -> float:
    return float(ALERTS.labels(limit, "conseiller_misas")._value.get())


async def test_each_person_of_a_list_counts_once(here: Here, persons: list[UUID], budget: ReadingBudget) -> None:
    assert await name(here, here.adviser, persons[:10]) == 200
    assert await name(here, here.adviser, persons[:10]) == 200  # again: nothing more is counted
    refused = await here.client(here.adviser).get(f"{AGENT}/{persons[10]}")
    assert refused.status_code == 429
    problem = refused.json()
    assert problem["type"] == "/problems/reading-budget-spent"
    assert "10 personnes en 24 heures" in problem["detail"]
    assert problem["retry_at"] is not None
    # What was refused was neither shown nor counted nor journalled.
    assert len(await here.under_test.rows("SELECT 1 FROM person_readings")) == 10
    subjects = await here.under_test.rows(
        "SELECT 1 FROM journal WHERE %s = ANY (subjects) AND kind = 'read'", persons[10]
    )
    assert subjects == []
    # Those already counted stay readable.
    assert (await here.client(here.adviser).get(f"{AGENT}/{persons[0]}")).status_code == 200


async def test_a_list_that_would_pass_the_limit_is_refused_whole(
    here: Here, persons: list[UUID], budget: ReadingBudget
) -> None:
    assert await name(here, here.adviser, persons[:8]) == 200
    assert await name(here, here.adviser, persons[6:12]) == 429
    assert await name(here, here.adviser, persons[6:10]) == 200


async def test_search_results_count(here: Here, persons: list[UUID], budget: ReadingBudget) -> None:
    found = await here.client(here.adviser).post(f"{AGENT}/search", {"last_name": "rey"})
    assert found.status_code == 429
    assert "Prénom" not in found.text


async def test_passing_the_hourly_limit_alerts_once_and_refuses_nothing(
    here: Here, persons: list[UUID], budget: ReadingBudget
) -> None:
    before = alerts("soft")
    with capture_logs() as logs:
        for person in persons[:6]:
            assert await name(here, here.adviser, [person]) == 200
    assert alerts("soft") == before + 1
    [alert] = [entry for entry in logs if entry["event"] == "reading budget passed"]
    assert (alert["limit"], alert["role"], alert["log_level"]) == ("soft", "conseiller_misas", "warning")
    assert here.adviser.sub not in str(alert)


async def test_a_refusal_alerts(here: Here, persons: list[UUID], budget: ReadingBudget) -> None:
    before = alerts("hard")
    assert await name(here, here.adviser, persons) == 429
    assert alerts("hard") == before + 1


async def test_after_a_day_there_is_room_again(here: Here, persons: list[UUID], budget: ReadingBudget) -> None:
    assert await name(here, here.adviser, persons[:10]) == 200
    await here.under_test.rows(
        "UPDATE person_readings SET last_at = now() - interval '25 hours' WHERE person_id = %s", persons[0]
    )
    assert await name(here, here.adviser, [persons[10]]) == 200
    assert await name(here, here.adviser, [persons[11]]) == 429
    # What no longer counts is not kept.
    kept = {row["person_id"] for row in await here.under_test.rows("SELECT person_id FROM person_readings")}
    assert kept == {*persons[1:11]}


async def test_two_accounts_do_not_share_a_budget(here: Here, persons: list[UUID], budget: ReadingBudget) -> None:
    colleague = an_actor(Audience.AGENT, "conseiller_misas")
    assert await name(here, here.adviser, persons[:10]) == 200
    assert await name(here, colleague, persons[:10]) == 200


async def test_parallel_readings_never_pass_the_limit(here: Here, persons: list[UUID], budget: ReadingBudget) -> None:
    answers = await asyncio.gather(*(name(here, here.adviser, [person]) for person in persons))
    assert sorted(answers) == [200] * 10 + [429] * 2
    shown = await here.under_test.rows("SELECT subjects FROM journal WHERE kind = 'read'")
    assert len({person for row in shown for person in row["subjects"]}) == 10


async def test_parallel_lists_never_pass_the_limit(here: Here, persons: list[UUID], budget: ReadingBudget) -> None:
    lists = [persons[i:] + persons[:i] for i in range(12)]
    answers = await asyncio.gather(*(name(here, here.adviser, each[:4]) for each in lists))
    assert set(answers) <= {200, 429}
    shown = {
        person
        for row in await here.under_test.rows("SELECT subjects FROM journal WHERE kind = 'read'")
        for person in row["subjects"]
    }
    counted = {row["person_id"] for row in await here.under_test.rows("SELECT person_id FROM person_readings")}
    assert shown == counted
    assert len(shown) <= 10


async def test_budgets_of_unknown_roles_fall_back_to_the_common_one(under_test: ServiceUnderTest) -> None:
    settings = under_test.app.state.service.settings
    assert settings.budget_of(str(uuid4())) == ReadingBudget(soft_per_hour=60, hard_per_day=200)


async def test_the_refusal_says_when_there_will_be_room_in_the_time_of_the_caisse(
    here: Here, persons: list[UUID], budget: ReadingBudget
) -> None:
    assert await name(here, here.adviser, persons[:10]) == 200
    for person, ago in ((persons[3], "20 hours"), (persons[7], "10 hours")):
        await here.under_test.rows(
            "UPDATE person_readings SET last_at = now() - %s::interval WHERE person_id = %s", ago, person
        )
    for wanted, hours in ((persons[10:11], 4), (persons[10:12], 14)):
        answer = await here.client(here.adviser).post(f"{AGENT}/batch", {"ids": [str(each) for each in wanted]})
        retry_at = datetime.fromisoformat(answer.json()["retry_at"])
        assert abs(retry_at - clock.system_now() - timedelta(hours=hours)) < timedelta(minutes=1)
        there = retry_at.astimezone(ZoneInfo("Europe/Paris"))
        assert f"le {there:%d/%m à %H:%M}" in answer.json()["detail"]
    assert await name(here, here.adviser, persons[:10]) == 200
