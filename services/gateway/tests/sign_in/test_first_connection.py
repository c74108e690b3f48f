"""Invitation, password, second factor: the way in."""

import asyncio
from datetime import timedelta

import pyotp
import pytest

from gateway_service.account.deliveries import send_invitation
from servicekit.db import new_id

from .authenticator import Authenticator
from .world import A_MINUTE, ORIGIN, OTHER_PASSWORD, PASSWORD, World

EMAIL = "marie.dupont@secours.example"


async def test_the_way_in_from_the_invitation_to_an_open_session(world: World) -> None:
    account, token = await world.invite(EMAIL)
    assignment = await world.grant(account, "partner_user")
    browser = world.browser()

    offered = await browser.post("/anyone/invitation/open", token=token)
    assert offered.status_code == 200
    assert offered.json()["email_masked"] == "m•••@secours.example"

    accepted = await browser.post("/anyone/invitation/accept", token=token, password=PASSWORD)
    assert accepted.status_code == 200
    view = accepted.json()
    assert view["state"] == "enrolment"
    assert (view["account_id"], view["active"], view["assignments"], view["factors"]) == (None, None, [], [])

    setup = (await browser.post("/anyone/enrolment/totp/start")).json()
    assert len(setup["secret"]) == 32
    assert setup["otpauth_uri"].startswith("otpauth://totp/Aller-vers:marie.dupont%40secours.example?")
    assert "<svg" in setup["qr_svg"]
    before = browser.cookie
    done = await browser.post(
        "/anyone/enrolment/totp/confirm", code=pyotp.TOTP(setup["secret"]).now(), label="Mon téléphone"
    )
    assert done.status_code == 200
    assert len(set(done.json()["recovery_codes"])) == 10
    opened = done.json()["session"]
    assert opened["state"] == "open"
    assert opened["account_id"] == str(account)
    assert opened["active"]["assignment_id"] == str(assignment)
    assert opened["active"]["role"] == "partner_user"
    assert [one["id"] for one in opened["assignments"]] == [str(assignment)]
    assert opened["factors"] == ["totp", "recovery_code"]
    assert opened["demonstration"] is False
    assert browser.cookie != before
    assert await browser.state() == opened


async def test_the_way_in_with_a_passkey(world: World) -> None:
    account, token = await world.invite(EMAIL)
    await world.grant(account)
    browser = world.browser()
    await browser.post("/anyone/invitation/accept", token=token, password=PASSWORD)
    key = Authenticator(ORIGIN)

    options = (await browser.post("/anyone/enrolment/passkey/options")).json()["public_key"]
    assert options["rp"] == {"id": "portail.test", "name": "Aller-vers"}
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "preferred"
    assert options["attestation"] == "none"
    done = await browser.post("/anyone/enrolment/passkey", credential=key.create(options), label="Ma clé")

    assert done.status_code == 200, done.text
    assert len(done.json()["recovery_codes"]) == 10
    assert done.json()["session"]["state"] == "open"
    assert done.json()["session"]["factors"] == ["passkey", "recovery_code"]
    [kept] = await world.rows("SELECT transports, backed_up FROM factors")
    assert kept == {"transports": ["usb"], "backed_up": False}


async def test_the_e_mail_holds_a_link_and_no_name(world: World) -> None:
    _, token = await world.invite(EMAIL)
    [mail] = world.mails(EMAIL)
    text = mail.get_content()
    assert mail["From"] == "Aller-vers <ne-pas-repondre@aller-vers.invalid>"
    assert mail["Subject"] == "Votre accès à Aller-vers"
    assert f"{ORIGIN}/invitation#{token}\n" in text
    assert "72 heures" in text
    assert "marie" not in text.lower()
    assert "dupont" not in text.lower()


async def test_of_parallel_uses_of_one_invitation_one_succeeds(world: World) -> None:
    _, token = await world.invite(EMAIL)
    browsers = [world.browser() for _ in range(8)]
    answers = await asyncio.gather(
        *(one.post("/anyone/invitation/accept", token=token, password=PASSWORD) for one in browsers)
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [410] * 7
    assert len(await world.rows("SELECT FROM sessions")) == 1
    assert len(await world.events("invitation.accepted")) == 1


async def test_a_refused_password_leaves_the_invitation_good(world: World) -> None:
    _, token = await world.invite(EMAIL)
    browser = world.browser()
    weak = await browser.post("/anyone/invitation/accept", token=token, password="Dupont.Marie.2026")
    assert weak.status_code == 422
    assert weak.json()["errors"][0]["field"] == "password"
    assert browser.cookie is None
    good = await browser.post("/anyone/invitation/accept", token=token, password=PASSWORD)
    assert good.status_code == 200


@pytest.mark.parametrize("path", ["open", "accept"])
async def test_an_invitation_lasts_72_hours(world: World, path: str) -> None:
    _, token = await world.invite(EMAIL)
    body = {"token": token} | ({"password": PASSWORD} if path == "accept" else {})
    world.move_clock(timedelta(hours=72))
    late = await world.browser().post(f"/anyone/invitation/{path}", **body)
    assert late.status_code == 410
    assert late.json()["type"] == "/problems/link-refused"
    world.move_clock(timedelta(seconds=-5))
    assert (await world.browser().post(f"/anyone/invitation/{path}", **body)).status_code == 200


async def test_a_new_invitation_replaces_the_earlier_one(world: World) -> None:
    account, first = await world.invite(EMAIL)
    _, second = await world.invite(EMAIL, account)
    browser = world.browser()
    assert (await browser.post("/anyone/invitation/open", token=first)).status_code == 410
    assert (await browser.post("/anyone/invitation/open", token=second)).status_code == 200


async def test_sending_an_invitation_again_draws_another_token(world: World) -> None:
    _, first = await world.invite(EMAIL)
    [invitation] = await world.rows("SELECT id FROM invitations")
    async with world.gate.database.system_session("job", settings=world.settings) as session:
        await send_invitation.work(session, invitation["id"])
    second = world.token_for(EMAIL)
    assert second != first
    assert (await world.browser().post("/anyone/invitation/open", token=first)).status_code == 410
    assert (await world.browser().post("/anyone/invitation/open", token=second)).status_code == 200


@pytest.mark.parametrize("fact", ["account.suspended", "account.closed"])
async def test_an_invitation_of_a_suspended_or_closed_account_is_no_good(world: World, fact: str) -> None:
    account, token = await world.invite(EMAIL)
    await world.fact(fact, account=account)
    answer = await world.browser().post("/anyone/invitation/accept", token=token, password=PASSWORD)
    assert answer.status_code == 410


async def test_an_invitation_withdrawn_by_a_suspension_stays_so(world: World) -> None:
    account, token = await world.invite(EMAIL)
    at = await world.fact("account.suspended", account=account)
    await world.fact("account.reactivated", account=account)
    answer = await world.browser().post("/anyone/invitation/accept", token=token, password=PASSWORD)
    assert answer.status_code == 410
    invitation = new_id()
    await world.fact("account.invited", account=account, invitation=invitation)
    await world.fact("account.suspended", at=at, account=account)
    [row] = await world.rows("SELECT withdrawn_at FROM invitations WHERE id = %s", invitation)
    assert row["withdrawn_at"] is None


async def test_a_fact_read_twice_invites_once(world: World) -> None:
    account, invitation = new_id(), new_id()
    await world.fact("account.invited", account=account, invitation=invitation)
    await world.fact("account.invited", account=account, invitation=invitation)
    await world.receive_address(invitation, EMAIL)
    await world.deliver()
    assert len(world.mails(EMAIL)) == 1


async def test_an_account_with_its_second_factor_cannot_be_taken_by_another_invitation(world: World) -> None:
    person = await world.enrol(EMAIL)
    invitation = new_id()
    await world.fact("account.invited", account=person.account_id, invitation=invitation)
    await world.receive_address(invitation, "attaquant@ailleurs.example")
    await world.deliver()
    assert world.mails("attaquant@ailleurs.example") == []
    await world.signed_in(person)


async def test_an_address_serves_one_account(world: World) -> None:
    await world.enrol(EMAIL)
    _, token = await world.invite(EMAIL)
    answer = await world.browser().post("/anyone/invitation/accept", token=token, password=PASSWORD)
    assert answer.status_code == 409


async def test_nothing_but_enrolment_is_open_before_the_second_factor(world: World) -> None:
    account, token = await world.invite(EMAIL)
    await world.grant(account)
    browser = world.browser()
    await browser.post("/anyone/invitation/accept", token=token, password=PASSWORD)
    for path in ["/me/sessions", "/me/factors"]:
        assert (await browser.get(path)).status_code == 401
    for path in ["/me/recovery-codes", "/me/factors/totp/start", "/me/step-up/passkey/options"]:
        assert (await browser.post(path)).status_code == 401
    assert (await browser.post("/anyone/sign-in/totp", code="123456")).status_code == 409


async def test_setting_up_takes_a_code_made_with_the_secret(world: World) -> None:
    _, token = await world.invite(EMAIL)
    browser = world.browser()
    await browser.post("/anyone/invitation/accept", token=token, password=PASSWORD)
    assert (await browser.post("/anyone/enrolment/totp/confirm", code="123456")).status_code == 409
    secret = (await browser.post("/anyone/enrolment/totp/start")).json()["secret"]
    wrong = await browser.post("/anyone/enrolment/totp/confirm", code=pyotp.TOTP(pyotp.random_base32()).now())
    assert wrong.status_code == 422
    assert wrong.json()["type"] == "/problems/factor-refused"
    assert await world.rows("SELECT FROM factors") == await world.rows("SELECT FROM recovery_codes") == []
    right = await browser.post("/anyone/enrolment/totp/confirm", code=pyotp.TOTP(secret).now())
    assert right.status_code == 200


async def test_of_parallel_confirmations_of_one_secret_one_succeeds(world: World) -> None:
    _, token = await world.invite(EMAIL)
    browser = world.browser()
    await browser.post("/anyone/invitation/accept", token=token, password=PASSWORD)
    secret = (await browser.post("/anyone/enrolment/totp/start")).json()["secret"]
    code = pyotp.TOTP(secret).now()
    answers = await asyncio.gather(*(browser.post("/anyone/enrolment/totp/confirm", code=code) for _ in range(3)))
    assert [answer.status_code for answer in answers].count(200) == 1
    assert len(await world.rows("SELECT FROM factors")) == 1
    assert len(await world.rows("SELECT FROM recovery_codes")) == 10


async def test_whoever_left_before_the_second_factor_may_come_back_within_the_72_hours(world: World) -> None:
    account, token = await world.invite(EMAIL)
    await world.browser().post("/anyone/invitation/accept", token=token, password=PASSWORD)
    world.move_clock(timedelta(hours=71))
    again = await world.browser().post("/anyone/sign-in", email=EMAIL, password=PASSWORD)
    assert again.json()["state"] == "enrolment"
    world.move_clock(timedelta(hours=1))
    late = await world.browser().post("/anyone/sign-in", email=EMAIL, password=PASSWORD)
    assert late.status_code == 403
    assert late.json()["type"] == "/problems/enrolment-expired"

    _, second = await world.invite(EMAIL, account)
    anew = await world.browser().post("/anyone/invitation/accept", token=second, password=OTHER_PASSWORD)
    assert anew.json()["state"] == "enrolment"


async def test_guesses_at_links_are_counted_by_address(world: World) -> None:
    _, token = await world.invite(EMAIL)
    browser = world.browser("198.51.100.9")
    for _ in range(20):
        assert (await browser.post("/anyone/invitation/open", token="x" * 43)).status_code == 410
    throttled = await browser.post("/anyone/invitation/open", token=token)
    assert throttled.status_code == 429
    assert (await world.browser("198.51.100.10").post("/anyone/invitation/open", token=token)).status_code == 200
    world.move_clock(5 * A_MINUTE)
    assert (await browser.post("/anyone/invitation/open", token=token)).status_code == 200
