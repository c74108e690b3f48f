"""A forgotten password: one answer for everybody, and never a way round the second factor."""

import asyncio
from datetime import timedelta

from sqlalchemy import event

from .world import ORIGIN, OTHER_PASSWORD, World

EMAIL = "marie.dupont@secours.example"


async def asked(world: World, email: str = EMAIL) -> str:
    """Ask for a link and return its token."""
    answer = await world.browser().post("/anyone/password/forgotten", email=email)
    assert answer.status_code == 202
    await world.deliver()
    return world.token_for(email)


async def test_a_new_password_opens_nothing_without_the_second_factor(world: World) -> None:
    person = await world.enrol(EMAIL)
    signed_in = await world.signed_in(person)
    token = await asked(world)
    browser = world.browser()
    answer = await browser.post("/anyone/password/reset", token=token, password=OTHER_PASSWORD)
    assert (answer.status_code, answer.content) == (204, b"")
    assert browser.cookie is None
    assert (await signed_in.state())["state"] == "anonymous"

    old = await browser.post("/anyone/sign-in", email=EMAIL, password=person.password)
    assert old.status_code == 401
    new = await browser.post("/anyone/sign-in", email=EMAIL, password=OTHER_PASSWORD)
    assert new.json()["state"] == "second_factor"
    assert (await browser.get("/me/sessions")).status_code == 401
    assert (await browser.post("/anyone/sign-in/totp", code="000000")).status_code == 422
    assert (await browser.post("/anyone/sign-in/totp", code=person.code())).json()["state"] == "open"
    await world.deliver()
    assert world.mails(EMAIL)[-1]["Subject"] == "Votre mot de passe a été modifié"


async def test_the_e_mail_holds_a_link_and_no_name(world: World) -> None:
    await world.enrol(EMAIL)
    token = await asked(world)
    mail = world.mails(EMAIL)[-1]
    assert mail["Subject"] == "Choisir un nouveau mot de passe"
    assert f"{ORIGIN}/mot-de-passe#{token}\n" in mail.get_content()
    assert "dupont" not in mail.get_content().lower()


async def test_known_or_not_the_request_does_and_answers_the_same(world: World) -> None:
    await world.enrol(EMAIL)
    suspended = await world.enrol("luc.martin@secours.example")
    await world.fact("account.suspended", account=suspended.account_id)
    statements: list[str] = []
    engine = world.gate.database.engine.sync_engine

    def count(_c: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    seen = []
    event.listen(engine, "before_cursor_execute", count)
    try:
        for email in [EMAIL, "personne@nulle-part.example", suspended.email]:
            statements.clear()
            answer = await world.browser().post("/anyone/password/forgotten", email=email)
            jobs = await world.rows("SELECT task_name FROM jobs.procrastinate_jobs ORDER BY id DESC LIMIT 1")
            seen.append((answer.status_code, answer.content, list(statements), jobs))
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert seen[0] == seen[1] == seen[2]
    await world.deliver()
    assert len(world.mails(EMAIL)) == 1
    assert world.mails("personne@nulle-part.example") == world.mails(suspended.email) == []


async def test_a_link_works_once_even_in_parallel(world: World) -> None:
    await world.enrol(EMAIL)
    token = await asked(world)
    answers = await asyncio.gather(
        *(
            world.browser().post("/anyone/password/reset", token=token, password=f"{OTHER_PASSWORD} {n}")
            for n in range(4)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [204, 410, 410, 410]
    again = await world.browser().post("/anyone/password/reset", token=token, password=OTHER_PASSWORD)
    assert again.status_code == 410


async def test_a_link_lasts_twenty_minutes_and_the_latest_counts(world: World) -> None:
    await world.enrol(EMAIL)
    first = await asked(world)
    second = await asked(world)
    browser = world.browser()
    for token in (first, "x" * 43, ""):
        refused = await browser.post("/anyone/password/reset", token=token, password=OTHER_PASSWORD)
        assert refused.status_code == 410
    world.move_clock(timedelta(minutes=20))
    assert (await browser.post("/anyone/password/reset", token=second, password=OTHER_PASSWORD)).status_code == 410
    world.move_clock(timedelta(seconds=-5))
    weak = await browser.post("/anyone/password/reset", token=second, password="Dupont.Marie.2026")
    assert weak.status_code == 422
    good = await browser.post("/anyone/password/reset", token=second, password=OTHER_PASSWORD)
    assert good.status_code == 204


async def test_five_links_a_day_then_silence(world: World) -> None:
    await world.enrol(EMAIL)
    for _ in range(7):
        answer = await world.browser().post("/anyone/password/forgotten", email=EMAIL)
        assert answer.status_code == 202
        world.move_clock(timedelta(minutes=30))
    await world.deliver()
    before = len(world.mails(EMAIL))
    assert before == 5
    world.move_clock(timedelta(hours=21))
    await asked(world)
    assert len(world.mails(EMAIL)) == 6


async def test_a_suspension_stops_a_link_already_sent(world: World) -> None:
    person = await world.enrol(EMAIL)
    token = await asked(world)
    await world.fact("account.suspended", account=person.account_id)
    answer = await world.browser().post("/anyone/password/reset", token=token, password=OTHER_PASSWORD)
    assert answer.status_code == 410


async def test_a_reset_lets_its_owner_in_though_others_guessed(world: World) -> None:
    person = await world.enrol(EMAIL)
    for _ in range(5):
        await world.browser().post("/anyone/sign-in", email=EMAIL, password="x" * 20)
    token = await asked(world)
    await world.browser().post("/anyone/password/reset", token=token, password=OTHER_PASSWORD)
    person = type(person)(person.account_id, EMAIL, OTHER_PASSWORD, person.secret)
    await world.signed_in(person)
