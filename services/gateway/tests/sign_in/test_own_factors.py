"""Adding, removing and renewing second factors: with a recent proof, and never down to none."""

import asyncio
from datetime import timedelta

import pyotp

from servicekit import clock

from .authenticator import Authenticator
from .world import ORIGIN, Browser, World

EMAIL = "marie.dupont@secours.example"


async def add_passkey(browser: Browser, label: str = "Clé USB") -> None:
    options = (await browser.post("/me/factors/passkey/options")).json()["public_key"]
    answer = await browser.post("/me/factors/passkey", credential=Authenticator(ORIGIN).create(options), label=label)
    assert answer.status_code == 200


async def test_another_factor_can_be_added_and_its_owner_is_told(world: World) -> None:
    person = await world.enrol(EMAIL)
    browser = await world.signed_in(person)
    secret = (await browser.post("/me/factors/totp/start")).json()["secret"]
    before = browser.cookie
    added = await browser.post(
        "/me/factors/totp/confirm", code=pyotp.TOTP(secret).at(clock.system_now()), label="Téléphone de secours"
    )
    assert added.status_code == 200, added.text
    assert added.json()["recovery_codes"] == []
    assert browser.cookie != before
    await add_passkey(browser)
    listed = (await browser.get("/me/factors")).json()
    assert [(one["kind"], one["label"]) for one in listed["items"]] == [
        ("totp", "Application de codes"),
        ("totp", "Téléphone de secours"),
        ("passkey", "Clé USB"),
    ]
    assert listed["recovery_codes_left"] == 10
    await world.deliver()
    assert [mail["Subject"] for mail in world.mails(EMAIL)[-2:]] == ["Vos moyens de connexion ont été modifiés"] * 2


async def test_changes_ask_for_a_proof_of_the_last_ten_minutes(world: World) -> None:
    person = await world.enrol(EMAIL)
    browser = await world.signed_in(person)
    world.move_clock(timedelta(minutes=11))
    [factor] = (await browser.get("/me/factors")).json()["items"]
    for path in [
        "/me/factors/totp/start",
        "/me/factors/totp/confirm",
        "/me/factors/passkey/options",
        "/me/factors/passkey",
        f"/me/factors/{factor['id']}/remove",
        "/me/recovery-codes",
    ]:
        refused = await browser.post(path)
        assert refused.status_code == 403, path
        assert refused.json()["type"] == "/problems/step-up-required"
    assert (await browser.post("/me/step-up/totp", code=person.code())).status_code == 200
    assert (await browser.post("/me/factors/totp/start")).status_code == 200


async def test_a_passkey_steps_up(world: World) -> None:
    person = await world.enrol(EMAIL)
    browser = await world.signed_in(person)
    key = Authenticator(ORIGIN)
    options = (await browser.post("/me/factors/passkey/options")).json()["public_key"]
    await browser.post("/me/factors/passkey", credential=key.create(options))
    options = (await browser.post("/me/step-up/passkey/options")).json()["public_key"]
    stepped = await browser.post("/me/step-up/passkey", credential=key.get(options))
    assert stepped.status_code == 200
    assert stepped.json()["stepup_until"] is not None


async def test_the_last_factor_stays_even_when_two_are_removed_at_once(world: World) -> None:
    person = await world.enrol(EMAIL)
    browser = await world.signed_in(person)
    [only] = (await browser.get("/me/factors")).json()["items"]
    assert (await browser.post(f"/me/factors/{only['id']}/remove")).status_code == 409
    await add_passkey(browser)
    both = (await browser.get("/me/factors")).json()["items"]
    answers = await asyncio.gather(*(browser.post(f"/me/factors/{one['id']}/remove") for one in both))
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    assert len((await browser.get("/me/factors")).json()["items"]) == 1


async def test_anothers_factor_cannot_be_removed(world: World) -> None:
    mine = await world.signed_in(await world.enrol(EMAIL))
    theirs = await world.signed_in(await world.enrol("luc.martin@secours.example"))
    await add_passkey(mine)
    [factor] = (await theirs.get("/me/factors")).json()["items"]
    assert (await mine.post(f"/me/factors/{factor['id']}/remove")).status_code == 404
    assert len((await theirs.get("/me/factors")).json()["items"]) == 1


async def test_eight_factors_are_enough(world: World) -> None:
    browser = await world.signed_in(await world.enrol(EMAIL))
    for n in range(7):
        await add_passkey(browser, f"Clé {n}")
    options = (await browser.post("/me/factors/passkey/options")).json()["public_key"]
    ninth = await browser.post("/me/factors/passkey", credential=Authenticator(ORIGIN).create(options))
    assert ninth.status_code == 409


async def test_renewed_recovery_codes_replace_the_earlier_ones(world: World) -> None:
    person = await world.enrol(EMAIL)
    browser = await world.signed_in(person)
    renewed = (await browser.post("/me/recovery-codes")).json()["recovery_codes"]
    assert len(set(renewed) | set(person.recovery_codes)) == 20
    other = world.browser()
    await other.post("/anyone/sign-in", email=EMAIL, password=person.password)
    assert (await other.post("/anyone/sign-in/recovery-code", code=person.recovery_codes[0])).status_code == 422
    assert (await other.post("/anyone/sign-in/recovery-code", code=renewed[0])).status_code == 200
    assert (await other.get("/me/factors")).json()["recovery_codes_left"] == 9
