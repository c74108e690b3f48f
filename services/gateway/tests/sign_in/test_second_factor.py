"""Codes, passkeys and recovery codes: each works once, and only where it belongs."""

import asyncio
from datetime import timedelta

import pytest

from gateway_service.factors import recovery
from servicekit import clock

from .authenticator import Authenticator
from .world import A_MINUTE, ORIGIN, Browser, Person, World

EMAIL = "marie.dupont@secours.example"
TOTP = "/anyone/sign-in/totp"
RECOVERY = "/anyone/sign-in/recovery-code"


async def half_way(world: World, person: Person, browser: Browser | None = None) -> Browser:
    """Give the password only."""
    browser = browser or world.browser()
    answer = await browser.post("/anyone/sign-in", email=person.email, password=person.password)
    assert answer.json()["state"] == "second_factor"
    return browser


async def with_passkey(world: World, person: Person) -> Authenticator:
    """Add a passkey to the account."""
    browser = await world.signed_in(person)
    key = Authenticator(ORIGIN)
    options = (await browser.post("/me/factors/passkey/options")).json()["public_key"]
    kept = await browser.post("/me/factors/passkey", credential=key.create(options), label="Clé USB")
    assert kept.status_code == 200, kept.text
    await browser.post("/anyone/sign-out")
    return key


async def test_each_rise_in_trust_gives_another_cookie_and_spends_the_earlier_one(world: World) -> None:
    person = await world.enrol(EMAIL)
    fixed = "A" * 43
    browser = world.browser()
    browser.http.cookies.set("__Host-sid", fixed, domain="portail.test", path="/")
    await half_way(world, person, browser)
    first = browser.cookie
    await browser.post(TOTP, code=person.code())
    second = browser.cookie
    world.move_clock(A_MINUTE)
    await browser.post("/me/step-up/totp", code=person.code())
    third = browser.cookie
    assert len({fixed, first, second, third}) == 4
    assert len(str(third)) == 43
    for spent in (fixed, first, second):
        assert await world.gate.sessions.resolve(spent) is None
    [row] = await world.rows("SELECT state FROM sessions WHERE ended_at IS NULL")
    assert row == {"state": "open"}


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 200), (0, 200), (1, 200), (2, 422)])
async def test_a_code_is_good_one_step_around_its_time(world: World, steps: int, status: int) -> None:
    person = await world.enrol(EMAIL)
    world.move_clock(2 * A_MINUTE)
    browser = await half_way(world, person)
    world.settle()
    assert (await browser.post(TOTP, code=person.code(steps))).status_code == status


async def test_a_code_works_once(world: World) -> None:
    person = await world.enrol(EMAIL)
    world.settle()
    code = person.code()
    first, second = await half_way(world, person), await half_way(world, person)
    assert (await first.post(TOTP, code=code)).status_code == 200
    assert (await second.post(TOTP, code=code)).status_code == 422
    assert (await second.post(TOTP, code=person.code(-1))).status_code == 422
    assert (await second.post(TOTP, code=person.code(1))).status_code == 200


async def test_a_code_works_once_even_in_parallel(world: World) -> None:
    person = await world.enrol(EMAIL)
    browsers = [await half_way(world, person) for _ in range(5)]
    code = person.code()
    answers = await asyncio.gather(*(browser.post(TOTP, code=code) for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [200] + [422] * 4
    assert len(await world.rows("SELECT FROM sessions WHERE state = 'open' AND ended_at IS NULL")) == 1


async def test_the_first_code_cannot_serve_to_sign_in_too(world: World) -> None:
    person = await world.enrol_truly(EMAIL)
    world.move_clock(-A_MINUTE)
    browser = await half_way(world, person)
    assert (await browser.post(TOTP, code=person.code())).status_code == 422


async def test_one_session_opens_once(world: World) -> None:
    person = await world.enrol(EMAIL)
    browser = await half_way(world, person)
    answers = await asyncio.gather(
        browser.post(TOTP, code=person.code()),
        browser.post(TOTP, code=person.code(1)),
        browser.post(RECOVERY, code=person.recovery_codes[0]),
    )
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 401, 409, 422}


async def test_five_wrong_codes_then_wait(world: World) -> None:
    person = await world.enrol(EMAIL)
    browser = await half_way(world, person)
    for _ in range(5):
        assert (await browser.post(TOTP, code="000000")).status_code == 422
    # The account waits, whichever browser and whichever factor it is tried with.
    assert (await browser.post(TOTP, code=person.code())).status_code == 429
    other = await half_way(world, person, world.browser("198.51.100.1"))
    assert (await other.post(RECOVERY, code=person.recovery_codes[0])).status_code == 429
    world.move_clock(5 * A_MINUTE)
    assert (await other.post(TOTP, code=person.code())).status_code == 200
    assert await world.rows("SELECT FROM attempts WHERE throttle = 'second_factor'") == []


async def test_parallel_guesses_at_the_code_cannot_pass_the_limit_together(world: World) -> None:
    person = await world.enrol(EMAIL)
    browser = await half_way(world, person)
    answers = await asyncio.gather(*(browser.post(TOTP, code=f"{n:06}") for n in range(12)))
    assert sorted(answer.status_code for answer in answers) == [422] * 5 + [429] * 7


async def test_at_most_fifty_wrong_codes_a_day(world: World) -> None:
    person = await world.enrol(EMAIL)
    for n in range(49):
        await world.rows(
            "INSERT INTO attempts (id, throttle, key, at) VALUES (gen_random_uuid(), 'second_factor', %s, %s)",
            person.account_id.bytes,
            clock.system_now() - timedelta(minutes=70 + 20 * n),
        )
    browser = await half_way(world, person)
    assert (await browser.post(TOTP, code="000000")).status_code == 422
    assert (await browser.post(TOTP, code=person.code())).status_code == 429
    # The oldest of the fifty is 1030 minutes old; it counts for a day.
    world.move_clock(timedelta(minutes=1440 - 1030 - 1))
    assert (await (await half_way(world, person)).post(TOTP, code=person.code())).status_code == 429
    world.move_clock(timedelta(minutes=1, seconds=10))
    assert (await (await half_way(world, person)).post(TOTP, code=person.code())).status_code == 200


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "0" * 40, "\x00"])
async def test_what_is_no_code_is_refused(world: World, code: str) -> None:
    person = await world.enrol(EMAIL)
    browser = await half_way(world, person)
    assert (await browser.post(TOTP, code=code)).status_code == 422
    assert (await browser.post(RECOVERY, code=code)).status_code == 422


async def test_a_recovery_code_works_once_however_it_is_typed_and_its_owner_is_told(world: World) -> None:
    person = await world.enrol(EMAIL)
    browser = await half_way(world, person)
    typed = " " + person.recovery_codes[3].lower().replace("-", " ").replace("0", "o") + " "
    assert (await browser.post(RECOVERY, code=typed)).json()["state"] == "open"
    await world.deliver()
    notice = world.mails(EMAIL)[-1]
    assert notice["Subject"] == "Un code de secours a été utilisé"
    assert "Il vous en reste 9" in notice.get_content()
    again = await half_way(world, person)
    assert (await again.post(RECOVERY, code=person.recovery_codes[3])).status_code == 422
    [burned] = await world.rows("SELECT slot, burned_at FROM recovery_codes WHERE burned_at IS NOT NULL")
    assert burned["slot"] == 3
    assert (await again.post(RECOVERY, code=person.recovery_codes[4])).status_code == 200


async def test_a_recovery_code_works_once_even_in_parallel(world: World) -> None:
    person = await world.enrol(EMAIL)
    browsers = [await half_way(world, person) for _ in range(5)]
    answers = await asyncio.gather(*(browser.post(RECOVERY, code=person.recovery_codes[0]) for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [200] + [422] * 4


async def test_recovery_codes_are_80_bits_of_chance_kept_as_argon2id(world: World) -> None:
    person = await world.enrol(EMAIL)
    assert [recovery.parse(code) is not None for code in person.recovery_codes] == [True] * 10
    assert {len(recovery.parse(code).secret) for code in person.recovery_codes} == {16}  # type: ignore[union-attr]  # just checked
    hashes = await world.rows("SELECT code_hash FROM recovery_codes")
    assert all(row["code_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$") for row in hashes)
    assert len({row["code_hash"] for row in hashes}) == 10


async def test_anothers_recovery_code_is_refused(world: World) -> None:
    person, other = await world.enrol(EMAIL), await world.enrol("luc.martin@secours.example")
    browser = await half_way(world, person)
    assert (await browser.post(RECOVERY, code=other.recovery_codes[0])).status_code == 422


async def test_a_passkey_signs_in(world: World) -> None:
    person = await world.enrol(EMAIL)
    key = await with_passkey(world, person)
    browser = await half_way(world, person)
    options = (await browser.post("/anyone/sign-in/passkey/options")).json()["public_key"]
    assert options["userVerification"] == "required"
    assert options["rpId"] == "portail.test"
    assert len(options["allowCredentials"]) == 1
    opened = await browser.post("/anyone/sign-in/passkey", credential=key.get(options))
    assert opened.status_code == 200, opened.text
    assert opened.json()["state"] == "open"
    assert (await world.rows("SELECT sign_count FROM factors WHERE kind = 'passkey'")) == [{"sign_count": 1}]


async def test_a_challenge_is_answered_once_and_in_its_own_session(world: World) -> None:
    person = await world.enrol(EMAIL)
    key = await with_passkey(world, person)
    browser, other = await half_way(world, person), await half_way(world, person)
    options = (await browser.post("/anyone/sign-in/passkey/options")).json()["public_key"]
    await other.post("/anyone/sign-in/passkey/options")
    elsewhere = await other.post("/anyone/sign-in/passkey", credential=key.get(options))
    assert elsewhere.status_code == 422
    credential = key.get(options)
    answers = await asyncio.gather(*(browser.post("/anyone/sign-in/passkey", credential=credential) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers)[0] == 200
    assert [answer.status_code for answer in answers].count(200) == 1


async def test_an_old_challenge_is_worth_nothing(world: World) -> None:
    person = await world.enrol(EMAIL)
    key = await with_passkey(world, person)
    browser = await half_way(world, person)
    options = (await browser.post("/anyone/sign-in/passkey/options")).json()["public_key"]
    await world.rows("UPDATE challenges SET expires_at = expires_at - interval '10 minutes'")
    assert (await browser.post("/anyone/sign-in/passkey", credential=key.get(options))).status_code == 422


@pytest.mark.parametrize(
    "fault", ["unverified", "origin", "count", "count_cloned", "signature", "rp", "kind", "other_key", "empty"]
)
async def test_a_passkey_that_is_not_right_in_everything_is_refused(world: World, fault: str) -> None:
    person = await world.enrol(EMAIL)
    key = await with_passkey(world, person)
    if fault == "count_cloned":
        await world.rows("UPDATE factors SET sign_count = 7 WHERE kind = 'passkey'")
    elif fault == "count":
        await world.rows("UPDATE factors SET sign_count = 1 WHERE kind = 'passkey'")
    browser = await half_way(world, person)
    options = (await browser.post("/anyone/sign-in/passkey/options")).json()["public_key"]
    if fault == "unverified":
        key.verifies = False
    elif fault == "origin":
        key.origin = "https://portail.test.attaquant.example"
    elif fault == "rp":
        options["rpId"] = "attaquant.example"
    elif fault == "other_key":
        stranger = Authenticator(ORIGIN, credential_id=key.credential_id)
        key.key = stranger.key
    credential = key.get(options, sign_count=1 if fault == "count" else None)
    if fault == "signature":
        credential["response"]["signature"] = credential["response"]["signature"][:-4] + "AAAA"
    elif fault == "kind":
        credential = key.create(options | {"rp": {"id": "portail.test"}})
    elif fault == "empty":
        credential = {"id": credential["id"]}
    refused = await browser.post("/anyone/sign-in/passkey", credential=credential)
    assert refused.status_code == 422, refused.text
    assert refused.json()["type"] == "/problems/factor-refused"
    assert (await browser.state())["state"] == "second_factor"


async def test_anothers_passkey_is_refused(world: World) -> None:
    person, other = await world.enrol(EMAIL), await world.enrol("luc.martin@secours.example")
    await with_passkey(world, person)
    stranger = await with_passkey(world, other)
    browser = await half_way(world, person)
    options = (await browser.post("/anyone/sign-in/passkey/options")).json()["public_key"]
    assert (await browser.post("/anyone/sign-in/passkey", credential=stranger.get(options))).status_code == 422


@pytest.mark.parametrize("fault", ["unverified", "origin", "garbage"])
async def test_a_passkey_made_wrongly_is_not_kept(world: World, fault: str) -> None:
    person = await world.enrol(EMAIL)
    browser = await world.signed_in(person)
    options = (await browser.post("/me/factors/passkey/options")).json()["public_key"]
    key = Authenticator("https://ailleurs.example" if fault == "origin" else ORIGIN, verifies=fault != "unverified")
    credential = key.create(options)
    if fault == "garbage":
        credential["response"]["attestationObject"] = "o2NmbXRkbm9uZQ"
    answer = await browser.post("/me/factors/passkey", credential=credential)
    assert answer.status_code == 422
    assert await world.rows("SELECT FROM factors WHERE kind = 'passkey'") == []


async def test_a_passkey_is_kept_once(world: World) -> None:
    person = await world.enrol(EMAIL)
    browser = await world.signed_in(person)
    key = Authenticator(ORIGIN)
    for status in (200, 409):
        options = (await browser.post("/me/factors/passkey/options")).json()["public_key"]
        kept = await browser.post("/me/factors/passkey", credential=key.create(options))
        assert kept.status_code == status
    assert len(options["excludeCredentials"]) == 1
