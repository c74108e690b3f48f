"""Address and password: one answer for every refusal, and guesses that are counted."""

import asyncio
from datetime import timedelta
from typing import Any

import argon2
import pytest
from sqlalchemy import event

from .world import A_MINUTE, PASSWORD, Browser, World

EMAIL = "marie.dupont@secours.example"
WRONG = "un autre mot de passe que le sien"


async def give(browser: Browser, email: str = EMAIL, password: str = WRONG) -> Any:
    return await browser.post("/anyone/sign-in", email=email, password=password)


async def test_a_password_alone_opens_nothing(world: World) -> None:
    person = await world.enrol(EMAIL)
    browser = world.browser()
    answer = await give(browser, person.email.upper(), PASSWORD)
    assert answer.status_code == 200
    assert answer.json()["state"] == "second_factor"
    assert answer.json()["factors"] == ["totp", "recovery_code"]
    assert answer.json()["account_id"] is None
    assert (await browser.get("/me/sessions")).status_code == 401
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-sid=")
    assert {part.strip().lower() for part in cookie.split(";")[1:]} == {
        "path=/",
        "secure",
        "httponly",
        "samesite=strict",
    }
    assert answer.headers["cache-control"] == "no-store"


async def test_the_second_factor_must_follow_within_ten_minutes(world: World) -> None:
    person = await world.enrol(EMAIL)
    browser = world.browser()
    await give(browser, password=PASSWORD)
    world.move_clock(timedelta(minutes=10))
    assert (await browser.state())["state"] == "anonymous"
    assert (await browser.post("/anyone/sign-in/totp", code=person.code())).status_code == 401


async def test_unknown_wrong_and_suspended_are_one_answer_for_one_amount_of_work(world: World) -> None:
    await world.enrol(EMAIL)
    suspended = await world.enrol("luc.martin@secours.example")
    await world.fact("account.suspended", account=suspended.account_id)
    await world.invite("anne.roux@secours.example")
    statements: list[str] = []
    engine = world.gate.database.engine.sync_engine

    def count(_c: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    seen = []
    event.listen(engine, "before_cursor_execute", count)
    try:
        for email, password in [
            (EMAIL, WRONG),
            ("personne@nulle-part.example", WRONG),
            (suspended.email, suspended.password),
            ("anne.roux@secours.example", PASSWORD),
            ("pas une adresse", WRONG),
        ]:
            statements.clear()
            before = world.gate.hasher.verifications
            answer = await give(world.browser(), email, password)
            body = answer.json()
            body.pop("txn")
            headers = {k: v for k, v in answer.headers.items() if k not in {"x-request-id", "date"}}
            runs = world.gate.hasher.verifications - before
            seen.append((answer.status_code, body, headers, list(statements), runs))
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert [one == seen[0] for one in seen] == [True] * 5
    status, body, headers, executed, runs = seen[0]
    assert (status, body["type"], runs) == (401, "/problems/sign-in-refused", 1)
    assert "set-cookie" not in headers
    assert len(executed) > 5


async def test_after_five_wrong_passwords_the_account_waits_five_minutes(world: World) -> None:
    await world.enrol(EMAIL)
    for _ in range(5):
        assert (await give(world.browser())).status_code == 401
        world.move_clock(timedelta(seconds=10))
    before = world.gate.hasher.verifications
    refused = await give(world.browser(), password=PASSWORD)
    assert refused.status_code == 429
    assert refused.json()["type"] == "/problems/too-many-attempts"
    assert 240 <= int(refused.headers["retry-after"]) == refused.json()["retry_after"] <= 250
    assert world.gate.hasher.verifications == before
    world.move_clock(timedelta(seconds=251))
    assert (await give(world.browser(), password=PASSWORD)).status_code == 200


async def test_an_unknown_address_is_throttled_like_a_known_one(world: World) -> None:
    answers = [(await give(world.browser(), "personne@nulle-part.example")).status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]


async def test_ten_wrong_in_an_hour_then_the_wait_doubles_and_ends(world: World) -> None:
    await world.enrol(EMAIL)
    tried = 0
    for _ in range(9 * 4):
        tried += (await give(world.browser())).status_code == 401
        world.move_clock(timedelta(minutes=15))
    assert 14 <= tried <= 20
    world.move_clock(timedelta(hours=1))
    assert (await give(world.browser(), password=PASSWORD)).status_code == 200


async def test_parallel_guesses_cannot_pass_the_limit_together(world: World) -> None:
    await world.enrol(EMAIL)
    before = world.gate.hasher.verifications
    answers = await asyncio.gather(*(give(world.browser()) for _ in range(16)))
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 11
    assert world.gate.hasher.verifications - before == 5


async def test_one_ip_address_may_be_wrong_twenty_times_in_five_minutes(world: World) -> None:
    await world.enrol(EMAIL)
    browser = world.browser("198.51.100.9")
    answers = [(await give(browser, f"a{n}@nulle-part.example")).status_code for n in range(30)]
    assert answers == [401] * 20 + [429] * 10
    assert (await give(browser, password=PASSWORD)).status_code == 429
    assert (await give(world.browser("198.51.100.10"), password=PASSWORD)).status_code == 200
    world.move_clock(5 * A_MINUTE)
    assert (await give(browser, password=PASSWORD)).status_code == 200


async def test_right_passwords_do_not_count(world: World) -> None:
    await world.enrol(EMAIL)
    office = "198.51.100.9"
    for _ in range(22):
        assert (await give(world.browser(office), password=PASSWORD)).status_code == 200
    for _ in range(4):
        await give(world.browser(office))
    assert (await give(world.browser(office), password=PASSWORD)).status_code == 200
    assert await world.rows("SELECT FROM attempts WHERE throttle = 'account'") == []


async def test_a_hash_of_older_parameters_is_renewed_at_sign_in(world: World) -> None:
    await world.enrol(EMAIL)
    old = argon2.PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    await world.rows("UPDATE credentials SET password_hash = %s", old)
    assert (await give(world.browser(), password=PASSWORD)).status_code == 200
    [row] = await world.rows("SELECT password_hash FROM credentials")
    assert row["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("body", [{}, {"email": EMAIL}, {"email": EMAIL, "password": "x", "role": "admin"}])
async def test_malformed_requests_are_problems(world: World, body: dict[str, str]) -> None:
    answer = await world.browser().post("/anyone/sign-in", **body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_journal_tells_who_tried_without_the_address(world: World) -> None:
    person = await world.enrol(EMAIL)
    await give(world.browser("198.51.100.77"))
    await give(world.browser("198.51.100.77"), password=PASSWORD)
    [refused] = await world.events("password.refused")
    [accepted] = await world.events("password.accepted")
    assert refused["email_hash"] == world.gate.vault.journal_key(EMAIL)
    assert refused["address"] == "198.51.100.0/24"
    assert accepted["account_id"] == person.account_id
    assert len(refused["txn"]) == 36


async def test_whoever_guesses_wrong_all_day_does_not_keep_the_owner_out(world: World) -> None:
    person = await world.enrol(EMAIL)
    own = await world.signed_in(person)
    assert own.http.cookies.get("__Host-browser") is not None
    await own.post("/anyone/sign-out")
    for _ in range(6):
        await give(world.browser("198.51.100.9"))
    assert (await give(world.browser("198.51.100.10"), password=PASSWORD)).status_code == 429
    assert (await give(own, password=PASSWORD)).status_code == 200
    # What the known browser got right says nothing about the guesses of others.
    assert (await give(world.browser("198.51.100.10"), password=PASSWORD)).status_code == 429


async def test_a_known_browser_guesses_no_more_than_another_and_only_for_its_address(world: World) -> None:
    person = await world.enrol(EMAIL)
    other = await world.enrol("luc.martin@secours.example")
    own = await world.signed_in(person)
    for _ in range(5):
        assert (await give(own)).status_code == 401
    assert (await give(own, password=PASSWORD)).status_code == 429
    for _ in range(5):
        await give(world.browser("198.51.100.9"), other.email)
    assert (await give(own, other.email, PASSWORD)).status_code == 429


@pytest.mark.parametrize("cookie", ["x.y", "AAAAAAAAAAAAAAAAAAAAAA." + "0" * 64, ".", "", "é.é", "a" * 3000])
async def test_a_browser_cannot_make_itself_known(world: World, cookie: str) -> None:
    await world.enrol(EMAIL)
    for _ in range(5):
        await give(world.browser())
    browser = world.browser()
    headers = {b"Cookie": f"__Host-browser={cookie}".encode()}
    answer = await browser.http.post(
        "/api/v1/gateway/anyone/sign-in", json={"email": EMAIL, "password": PASSWORD}, headers=headers
    )
    assert answer.status_code == 429


async def test_signing_in_again_ends_the_session_the_browser_was_in(world: World) -> None:
    person = await world.enrol(EMAIL)
    browser = await world.signed_in(person)
    before = browser.cookie
    await give(browser, password=PASSWORD)
    assert await world.gate.sessions.resolve(before) is None
    assert await world.rows("SELECT end_reason FROM sessions WHERE end_reason IS NOT NULL") == [
        {"end_reason": "replaced"}
    ]
