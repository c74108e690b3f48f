"""Sessions: how long, how many, under which role, and how they end."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from gateway_service.followers import HANDLERS, on_structure_open
from gateway_service.sign_in.sessions import CACHE_SECONDS
from gateway_service.sign_in.upkeep import purge
from servicekit import clock
from servicekit.db import new_id

from .world import A_MINUTE, OTHER_PASSWORD, Browser, Person, World

EMAIL = "marie.dupont@secours.example"
REUNION = {"time_zone": "Indian/Reunion"}


async def active(world: World, browser: Browser) -> Any:
    """Return the role under which the front would act for this browser, as it sees it now."""
    session = await world.gate.sessions.resolve(browser.cookie, fresh=True)
    return None if session is None else session.active


async def keep_busy(world: World, browser: Browser, during: timedelta) -> bool:
    """Work without a pause for a while; tell whether the session is still there."""
    for _ in range(during // timedelta(minutes=10)):
        world.move_clock(timedelta(minutes=10))
        session = await world.gate.sessions.resolve(browser.cookie, fresh=True)
        if session is None:
            return False
        await world.gate.sessions.touch(session)
    return True


@pytest.mark.parametrize(
    ("audience", "role", "minutes"),
    [
        ("partner", "partner_user", 30),
        ("agent", "conseiller_misas", 30),
        ("agent", "medecin_conseil", 15),
        ("officer", "dpo", 15),
        ("officer", "admin", 15),
    ],
)
async def test_a_session_at_rest_ends(world: World, audience: str, role: str, minutes: int) -> None:
    browser = await world.signed_in(await world.enrol(EMAIL, audience=audience, role=role))
    session = await world.gate.sessions.resolve(browser.cookie, fresh=True)
    assert session is not None
    assert session.idle_expires_at - session.seen_at == timedelta(minutes=minutes)
    world.move_clock(session.idle_expires_at - clock.system_now() - timedelta(seconds=1))
    assert await world.gate.sessions.resolve(browser.cookie) is not None
    world.move_clock(timedelta(seconds=1))
    assert await world.gate.sessions.resolve(browser.cookie) is None
    assert (await browser.get("/me/sessions")).status_code == 401
    assert (await browser.state())["state"] == "anonymous"


@pytest.mark.parametrize(("audience", "role", "hours"), [("partner", "partner_user", 10), ("agent", "accueil", 8)])
async def test_a_session_ends_however_busy(world: World, audience: str, role: str, hours: int) -> None:
    browser = await world.signed_in(await world.enrol(EMAIL, audience=audience, role=role))
    assert await keep_busy(world, browser, timedelta(hours=hours) - timedelta(minutes=10))
    assert not await keep_busy(world, browser, timedelta(minutes=10))


async def test_looking_at_where_one_stands_is_no_activity(world: World) -> None:
    browser = await world.signed_in(await world.enrol(EMAIL))
    for _ in range(2):
        world.move_clock(timedelta(minutes=14))
        assert (await browser.state())["state"] == "open"
    world.move_clock(timedelta(minutes=2))
    assert (await browser.state())["state"] == "anonymous"


async def test_activity_is_written_at_most_every_twenty_seconds(world: World) -> None:
    browser = await world.signed_in(await world.enrol(EMAIL))
    seen = "SELECT seen_at FROM sessions WHERE ended_at IS NULL"
    before = await world.rows(seen)
    world.move_clock(timedelta(seconds=-41))
    first = await world.gate.sessions.resolve(browser.cookie, fresh=True)
    assert first is not None
    await world.gate.sessions.touch(first)
    assert await world.rows(seen) == before
    world.move_clock(timedelta(seconds=41))
    await world.gate.sessions.touch(first)
    assert await world.rows(seen) != before


async def test_three_at_once_then_the_oldest_ends(world: World) -> None:
    person = await world.enrol(EMAIL)
    browsers = [await world.signed_in(person) for _ in range(4)]
    states = [(await browser.state())["state"] for browser in browsers]
    assert states == ["anonymous", "open", "open", "open"]
    [evicted] = await world.rows("SELECT end_reason FROM sessions WHERE end_reason = 'evicted'")
    assert evicted == {"end_reason": "evicted"}
    assert len(await world.events("session.evicted")) == 1


async def test_parallel_openings_leave_three_too(world: World) -> None:
    person = await world.enrol(EMAIL)
    await world.signed_in(person)
    await world.signed_in(person)
    browsers = [world.browser() for _ in range(4)]
    for browser in browsers:
        await browser.post("/anyone/sign-in", email=person.email, password=person.password)
    answers = await asyncio.gather(
        *(
            browser.post("/anyone/sign-in/recovery-code", code=code)
            for browser, code in zip(browsers, person.recovery_codes, strict=False)
        )
    )
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len(await world.rows("SELECT FROM sessions WHERE state = 'open' AND ended_at IS NULL")) == 3


async def test_own_sessions_are_listed_and_ended_at_once(world: World) -> None:
    person = await world.enrol(EMAIL)
    office = await world.signed_in(person)
    phone = await world.signed_in(
        person, world.browser("2001:db8:5:6::7", "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) CriOS/140 Safari/604.1")
    )
    listed = (await phone.get("/me/sessions")).json()["items"]
    assert [(one["device"], one["address"], one["current"], one["factor"]) for one in listed] == [
        ("Chrome, iPhone ou iPad", "2001:db8:5::/48", True, "totp"),
        ("Firefox, Windows", "203.0.113.0/24", False, "totp"),
    ]
    cached = await world.gate.sessions.resolve(office.cookie)
    assert cached is not None
    revoked = await phone.post(f"/me/sessions/{listed[1]['id']}/revoke")
    assert revoked.status_code == 204
    assert await world.gate.sessions.resolve(office.cookie) is None
    assert (await office.get("/me/sessions")).status_code == 401
    assert (await phone.post(f"/me/sessions/{listed[1]['id']}/revoke")).status_code == 404


async def test_anothers_session_cannot_be_ended(world: World) -> None:
    mine = await world.signed_in(await world.enrol(EMAIL))
    theirs = await world.signed_in(await world.enrol("luc.martin@secours.example"))
    [other] = (await theirs.get("/me/sessions")).json()["items"]
    assert (await mine.post(f"/me/sessions/{other['id']}/revoke")).status_code == 404
    assert (await theirs.state())["state"] == "open"


async def test_signing_out_ends_the_session_and_clears_the_browser(world: World) -> None:
    browser = await world.signed_in(await world.enrol(EMAIL))
    cookie = browser.cookie
    answer = await browser.post("/anyone/sign-out")
    assert answer.status_code == 204
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    assert await world.gate.sessions.resolve(cookie) is None
    assert (await browser.post("/anyone/sign-out")).status_code == 204


async def test_another_replica_sees_an_end_within_a_second(world: World) -> None:
    browser = await world.signed_in(await world.enrol(EMAIL))
    other_replica = type(world.gate.sessions).on(world.settings.database_url.get_secret_value())
    await other_replica.open()
    try:
        assert await other_replica.resolve(browser.cookie) is not None
        await browser.post("/anyone/sign-out")
        await asyncio.sleep(CACHE_SECONDS)
        assert await other_replica.resolve(browser.cookie) is None
        assert CACHE_SECONDS < 1 - 0.2 - 0.2
    finally:
        await other_replica.close()


async def test_one_chooses_the_role_to_act_under(world: World) -> None:
    person = await world.enrol(EMAIL, audience="agent", role="conseiller_misas", unit="misas")
    second = await world.grant(person.account_id, "coordinateur", "agent", caisse="312", unit="misas")
    browser = await world.signed_in(person)
    view = await browser.state()
    assert view["active"]["caisse"] == "311"
    assert {(one["role"], one["caisse"]) for one in view["assignments"]} == {
        ("conseiller_misas", "311"),
        ("coordinateur", "312"),
    }
    before = browser.cookie
    switched = await browser.post("/me/session/switch", assignment_id=str(second))
    assert switched.status_code == 200
    assert switched.json()["active"]["assignment_id"] == str(second)
    assert browser.cookie != before
    role = await active(world, browser)
    assert (role.audience, role.role, role.caisse, role.unit) == ("agent", "coordinateur", "312", "misas")
    # The choice holds for the next session.
    assert (await (await world.signed_in(person)).state())["active"]["assignment_id"] == str(second)


async def test_a_role_of_somebody_else_cannot_be_chosen(world: World) -> None:
    browser = await world.signed_in(await world.enrol(EMAIL))
    stranger = await world.enrol("luc.martin@secours.example")
    theirs = await world.grant(stranger.account_id, "partner_admin")
    assert (await browser.post("/me/session/switch", assignment_id=str(theirs))).status_code == 404
    assert (await browser.post("/me/session/switch", assignment_id=str(new_id()))).status_code == 404


async def test_a_role_taken_back_is_gone_at_once(world: World) -> None:
    person = await world.enrol(EMAIL)
    browser = await world.signed_in(person)
    role = await active(world, browser)
    await world.fact(
        "assignment.ended",
        assignment=role.assignment_id,
        account=person.account_id,
        structure=role.structure_id,
    )
    assert await active(world, browser) is None
    view = await browser.state()
    assert (view["state"], view["active"], view["assignments"]) == ("open", None, [])
    again = await browser.post("/me/session/switch", assignment_id=str(role.assignment_id))
    assert again.status_code == 404


async def test_nobody_acts_for_a_structure_before_its_portal_is_open(world: World) -> None:
    """ESP-04: people are invited before, so that they are ready on the day."""
    structure = new_id()
    browser = await world.signed_in(await world.enrol(EMAIL, structure=structure))
    view = await browser.state()
    assert (view["state"], view["active"], view["assignments"]) == ("open", None, [])
    opening = {kind for kind, handler in HANDLERS.items() if handler is on_structure_open}
    assert opening == {"structure.activated", "structure.reactivated"}

    await world.fact("structure.activated", structure=structure)

    [role] = (await browser.state())["assignments"]
    assert role["structure_id"] == str(structure)
    assert (await browser.post("/me/session/switch", assignment_id=role["id"])).status_code == 200
    assert (await active(world, browser)).structure_id == structure


@pytest.mark.parametrize("fact", ["structure.suspended", "structure.closed"])
async def test_nobody_acts_for_a_suspended_or_closed_structure(world: World, fact: str) -> None:
    structure = new_id()
    await world.fact("structure.activated", structure=structure)
    browser = await world.signed_in(await world.enrol(EMAIL, structure=structure))
    assert (await active(world, browser)).structure_id == structure
    await world.fact(fact, structure=structure)
    assert await active(world, browser) is None
    if fact == "structure.suspended":
        await world.fact("structure.reactivated", structure=structure)
        assert (await active(world, browser)).structure_id == structure


async def test_a_role_begins_and_ends_with_its_days(world: World) -> None:
    today = clock.now().date()
    person = await world.enrol(EMAIL, until_on=today)
    browser = await world.signed_in(person)
    assert await active(world, browser) is not None
    await world.rows("UPDATE assignments SET until_on = %s", today - timedelta(days=2))
    assert await active(world, browser) is None
    await world.rows("UPDATE assignments SET from_on = %s, until_on = NULL", today + timedelta(days=2))
    assert await active(world, browser) is None


async def test_days_are_counted_in_the_time_of_the_caisse(world: World) -> None:
    await world.fact("body.described", caisse="974", payload=REUNION)
    person = await world.enrol(EMAIL, caisse="974", from_on=date(2027, 3, 10))
    for at, begun in [("2027-03-09T19:59:00+00:00", False), ("2027-03-09T20:01:00+00:00", True)]:
        world.move_clock(datetime.fromisoformat(at) - clock.system_now())
        assert bool(await world.gate.sessions.roles(person.account_id)) is begun
    # The domain's clock counts, which the demonstration may move; sessions themselves do not travel with it.
    with clock.travel(datetime(2026, 11, 22, tzinfo=UTC)):
        assert await world.gate.sessions.roles(person.account_id) == []


@pytest.mark.parametrize("fact", ["account.suspended", "account.closed"])
async def test_whoever_is_shut_out_loses_every_session_at_once(world: World, fact: str) -> None:
    person = await world.enrol(EMAIL)
    browsers = [await world.signed_in(person) for _ in range(2)]
    await world.fact(fact, account=person.account_id)
    for browser in browsers:
        assert await world.gate.sessions.resolve(browser.cookie, fresh=True) is None
    refused = await world.browser().post("/anyone/sign-in", email=EMAIL, password=person.password)
    assert refused.status_code == 401
    assert len(await world.events("sessions.cut")) == 1
    await world.fact("account.reactivated", account=person.account_id)
    assert await world.gate.sessions.resolve(browsers[0].cookie, fresh=True) is None
    answer = await world.browser().post("/anyone/sign-in", email=EMAIL, password=person.password)
    assert answer.status_code == (200 if fact == "account.suspended" else 401)
    kept = await world.rows("SELECT FROM credentials")
    assert len(kept) == (1 if fact == "account.suspended" else 0)


async def test_a_step_up_lasts_ten_minutes(world: World) -> None:
    person = await world.enrol(EMAIL)
    browser = await world.signed_in(person)
    signed_in = await world.gate.sessions.resolve(browser.cookie, fresh=True)
    assert signed_in is not None
    assert signed_in.stepup_at == signed_in.auth_time, "the factor given at sign-in counts"
    world.move_clock(timedelta(minutes=11))
    stepped = await browser.post("/me/step-up/totp", code=person.code())
    assert stepped.status_code == 200
    session = await world.gate.sessions.resolve(browser.cookie, fresh=True)
    assert session is not None
    assert session.stepup_at is not None
    assert session.auth_time is not None
    assert session.stepup_at - session.auth_time > timedelta(minutes=10)
    assert session.stepup_until == session.stepup_at + timedelta(minutes=10)
    assert len(await world.events("stepped_up")) == 1


async def test_a_wrong_code_is_no_step_up(world: World) -> None:
    person = await world.enrol(EMAIL)
    browser = await world.signed_in(person)
    cookie, until = browser.cookie, (await browser.state())["stepup_until"]
    world.move_clock(timedelta(minutes=1))
    assert (await browser.post("/me/step-up/totp", code="000000")).status_code == 422
    assert browser.cookie == cookie
    assert (await browser.state())["stepup_until"] == until


async def test_ended_sessions_are_forgotten_after_a_day(world: World) -> None:
    person = await world.enrol(EMAIL)
    browser = await world.signed_in(person)
    await browser.post("/anyone/sign-out")
    for hours, left in [(23, 1), (2, 0)]:
        world.move_clock(timedelta(hours=hours))
        async with world.gate.database.system_session("job") as session:
            await purge.work(session)
        assert len(await world.rows("SELECT FROM sessions")) == left
    assert await world.rows("SELECT FROM attempts") == []


async def changed(browser: Browser, person: Person, new: str = OTHER_PASSWORD) -> Any:
    return await browser.post("/me/password", current=person.password, new=new)


async def test_changing_the_password_ends_the_other_sessions(world: World) -> None:
    person = await world.enrol(EMAIL)
    elsewhere, here = await world.signed_in(person), await world.signed_in(person)
    before = here.cookie
    answer = await changed(here, person)
    assert answer.status_code == 200
    assert (here.cookie == before, (await here.state())["state"]) == (False, "open")
    assert (await elsewhere.state())["state"] == "anonymous"
    old = await world.browser().post("/anyone/sign-in", email=EMAIL, password=person.password)
    new = await world.browser().post("/anyone/sign-in", email=EMAIL, password=OTHER_PASSWORD)
    assert (old.status_code, new.status_code) == (401, 200)
    await world.deliver()
    assert world.mails(EMAIL)[-1]["Subject"] == "Votre mot de passe a été modifié"


async def test_changing_the_password_takes_the_present_one_and_counts_guesses(world: World) -> None:
    person = await world.enrol(EMAIL)
    browser = await world.signed_in(person)
    for _ in range(5):
        wrong = await browser.post("/me/password", current="x" * 20, new=OTHER_PASSWORD)
        assert wrong.status_code == 401
    assert (await changed(browser, person)).status_code == 429
    world.move_clock(5 * A_MINUTE)
    weak = await changed(browser, person, "Dupont.Marie.2026")
    assert (weak.status_code, weak.json()["errors"][0]["field"]) == (422, "password")
    assert (await changed(browser, person)).status_code == 200


async def test_a_restart_of_the_database_is_not_noticed_by_those_signed_in(world: World) -> None:
    browser = await world.signed_in(await world.enrol(EMAIL))
    await asyncio.gather(*(world.gate.sessions.resolve(browser.cookie, fresh=True) for _ in range(8)))
    await world.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE application_name = 'gateway-sessions' AND datname = current_database()"
    )
    answers = await asyncio.gather(*(world.gate.sessions.resolve(browser.cookie, fresh=True) for _ in range(8)))
    assert None not in answers
