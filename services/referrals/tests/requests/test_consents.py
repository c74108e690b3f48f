"""What a person agreed to is kept with the request, taken back at any word, and then nothing more is shared on it."""

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from referrals_service.consents.expiring import expire
from referrals_service.consents.withdrawing import withdraw_elsewhere
from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.statements import current_statement
from referrals_service.requests.transfer import open_transferred
from servicekit import clock
from servicekit.access import Actor

from .situations import AGENT, PARTNER, World, a_form, fields, ok, problem

CONSENTS = "/api/v1/referrals/{side}/consents"


def side_of(actor: Actor) -> str:
    return str(actor.audience)


async def consents(world: World, to: Actor, receipt: dict[str, Any]) -> list[dict[str, Any]]:
    base = PARTNER if side_of(to) == "partner" else AGENT
    answer = await world.client(to).get(f"{base}/{receipt['id']}/consents")
    assert answer.status_code == 200, answer.text
    listed: list[dict[str, Any]] = answer.json()
    return listed


async def take_back(world: World, by: Actor, consent: dict[str, Any], **changed: Any) -> Any:
    given = {"withdrawn_on": calendar_of(by.caisse).today().isoformat(), "channel": "phone"} | changed
    path = CONSENTS.format(side=side_of(by))
    return await world.client(by).post(f"{path}/{consent['id']}/withdraw", given, if_match=consent["version"])


async def run(world: World, task: Any, *arguments: Any) -> None:
    service = world.under_test.app.state.service
    async with service.database.system_session("test", settings=service.settings) as session:
        await task.work(session, *arguments)


async def test_a_filing_keeps_what_the_person_was_told_and_agreed_to(world: World, partner: Actor) -> None:
    """MIS-22: told what, for what, to whom, when, how, until when."""
    sent = await world.filed(partner)
    [consent] = await consents(world, partner, sent)
    today = calendar_of("311").today()
    assert consent["told"] == list(current_statement(today).paragraphs)
    wanted = {
        "scope": "to_be_reported",
        "purpose": "misas_referral",
        "recipient": "311",
        "recipient_name": "CPAM de la Haute-Garonne",
        "informed_on": today.isoformat(),
        "channel": "in_person",
        "side": "partner",
        "expires_on": (today + timedelta(days=365)).isoformat(),
        "state": "given",
        "abilities": {"withdraw": True},
    }
    assert {name: consent[name] for name in wanted} == wanted


async def test_a_draft_that_is_sent_keeps_it_too_and_the_caisse_chooses_how_long(world: World, partner: Actor) -> None:
    await world.setting("311", "consent_days", "90")
    draft = await world.draft(partner)
    assert await consents(world, partner, draft) == []
    saved = ok(await world.client(partner).put(f"{PARTNER}/{draft['id']}/form", a_form(), if_match=1))
    sent = ok(await world.act(partner, saved, "submit"))
    [consent] = await consents(world, partner, sent)
    assert date.fromisoformat(consent["expires_on"]) - date.fromisoformat(consent["informed_on"]) == timedelta(days=90)


async def test_taken_back_by_the_structure_a_request_that_waits_is_withdrawn(
    world: World, partner: Actor, adviser: Actor
) -> None:
    taken = await world.taken(partner, adviser)
    [consent] = await consents(world, partner, taken)
    done = ok(await take_back(world, partner, consent))
    assert (done["state"], done["version"]) == ("withdrawn", 2)
    shown = await world.shown(partner, taken)
    assert shown["state"] == "withdrawn"
    seen = await world.shown(adviser, taken)
    assert (seen["person"], seen["form"], seen["withheld"]) == (None, None, True)
    grants = "SELECT holder_kind FROM person_grants WHERE origin_id = %s AND revoked_at IS NULL"
    assert await world.under_test.rows(grants, UUID(taken["id"])) == []
    facts = {f["type"]: f for f in await world.facts()}
    assert facts["request.withdrawn"]["payload"]["reason"] == "person_declines"
    assert facts["consent.withdrawn"]["payload"] == {
        "scope": "to_be_reported",
        "purpose": "misas_referral",
        "side": "partner",
        "channel": "phone",
        "effect": "request_withdrawn",
    }
    assert facts["consent.withdrawn"]["subject"]["request"] == taken["id"]


async def test_once_somebody_has_the_person_in_charge_they_alone_may_still_close_for_some_days(
    world: World, partner: Actor, adviser: Actor
) -> None:
    taken = await world.taken(partner, adviser)
    accepted = ok(await world.act(adviser, taken, "accept", {}))
    colleague = await world.adviser()
    [consent] = await consents(world, adviser, accepted)
    ok(await take_back(world, partner, consent, channel="written"))
    [ended] = await consents(world, adviser, accepted)
    assert (ended["state"], ended["effect"], ended["withdrawn_side"]) == ("withdrawn", "to_stop", "partner")
    assert (await world.shown(adviser, accepted))["state"] == "accepted"
    assert (await world.shown(adviser, accepted))["person"] is not None
    assert (await world.shown(colleague, accepted))["person"] is None
    with clock.travel(clock.now() + timedelta(days=31)):
        assert (await world.shown(adviser, accepted))["person"] is None


async def test_an_agent_writes_it_down_and_hands_the_receipt_over(world: World, partner: Actor, adviser: Actor) -> None:
    taken = await world.taken(partner, adviser)
    [consent] = await consents(world, adviser, taken)
    receipt = CONSENTS.format(side="agent") + f"/{consent['id']}/receipt"
    problem(await world.client(adviser).get(receipt), 409, "consent-not-withdrawn")
    ok(await take_back(world, adviser, consent))
    pdf = (await world.client(adviser).get(receipt)).content
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).replace("\u00a0", " ")
    for words in ("Vanessa KELLER", "311-", "La demande est annulée"):
        assert words in text
    [theirs] = await consents(world, partner, taken)
    assert theirs["withdrawn_side"] == "caisse"
    assert (await world.client(partner).get(receipt.replace("/agent/", "/partner/"))).status_code == 200
    with clock.travel(clock.now() + timedelta(hours=13)):
        problem(await world.client(adviser).get(receipt), 404, "person-not-found")


async def test_it_is_taken_back_once_and_from_what_was_seen(world: World, partner: Actor) -> None:
    sent = await world.filed(partner)
    [consent] = await consents(world, partner, sent)
    tomorrow = (calendar_of("311").today() + timedelta(days=1)).isoformat()
    for day in (tomorrow, "2020-01-01"):
        assert fields(problem(await take_back(world, partner, consent, withdrawn_on=day), 422, "invalid")) == {
            "withdrawn_on": None
        }
    problem(await take_back(world, partner, consent | {"version": 7}), 412, "stale-version")
    ok(await take_back(world, partner, consent))
    problem(await take_back(world, partner, consent | {"version": 2}), 409, "consent-over")


async def test_nobody_else_sees_or_takes_back_an_agreement(world: World, partner: Actor) -> None:
    sent = await world.filed(partner)
    [consent] = await consents(world, partner, sent)
    for stranger in (await world.structure(), await world.adviser(caisse="811"), await world.adviser("agent_gdb")):
        assert await consents(world, stranger, sent) == []
        problem(await take_back(world, stranger, consent), 404, "consent-not-found")


async def jobs(world: World) -> list[dict[str, Any]]:
    return await world.under_test.rows("SELECT task_name, args FROM jobs.procrastinate_jobs ORDER BY id")


async def test_what_another_body_received_stops_there_too(world: World, partner: Actor, adviser: Actor) -> None:
    taken = await world.taken(partner, adviser)
    ok(await world.act(adviser, taken, "redirect", {"target": "other_caisse", "body": "811"}))
    await run(world, open_transferred, "311", UUID(taken["id"]), "811")
    there = await world.adviser(caisse="811")
    [arrived] = ok(await world.client(there).get(AGENT))["items"]
    [continued] = await consents(world, there, arrived)
    assert (continued["recipient"], continued["state"], continued["side"]) == ("811", "given", "system")

    [consent] = await consents(world, partner, taken)
    ok(await take_back(world, partner, consent))
    assert [job["task_name"] for job in await jobs(world)][-1] == withdraw_elsewhere.name
    for _ in range(2):
        await run(world, withdraw_elsewhere, "311", UUID(consent["id"]))
    [stopped] = await consents(world, there, arrived)
    assert (stopped["state"], stopped["effect"], stopped["withdrawn_channel"]) == (
        "withdrawn",
        "request_withdrawn",
        "phone",
    )
    assert (await world.shown(there, arrived))["person"] is None
    told = [f["caisse"] for f in await world.facts() if f["type"] == "consent.withdrawn"]
    assert told == ["311", "811"]


async def test_nothing_leaves_for_another_body_once_it_is_taken_back(
    world: World, partner: Actor, adviser: Actor
) -> None:
    taken = await world.taken(partner, adviser)
    ok(await world.act(adviser, taken, "redirect", {"target": "other_caisse", "body": "811"}))
    [consent] = await consents(world, partner, taken)
    ok(await take_back(world, partner, consent))
    await run(world, open_transferred, "311", UUID(taken["id"]), "811")
    assert ok(await world.client(await world.adviser(caisse="811")).get(AGENT))["items"] == []


@pytest.mark.parametrize("answered", [False, True])
async def test_an_agreement_ends_by_its_own_date(world: World, partner: Actor, adviser: Actor, answered: bool) -> None:
    taken = await world.taken(partner, adviser)
    if answered:
        ok(await world.act(adviser, taken, "refuse", {"reason": "already_accompanied"}))
    [consent] = await consents(world, partner, taken)
    last = datetime.fromisoformat(f"{consent['expires_on']}T12:00:00+00:00")
    for at, state in ((last, "given"), (last + timedelta(days=1), "expired"), (last + timedelta(days=2), "expired")):
        with clock.travel(at):
            await run(world, expire)
        assert [one["state"] for one in await consents(world, partner, taken)] == [state]
    [fact] = [f for f in await world.facts() if f["type"] == "consent.expired"]
    assert fact["payload"] == {"scope": "to_be_reported", "purpose": "misas_referral", "open": not answered}
    grants = "SELECT 1 FROM person_grants WHERE origin_id = %s AND revoked_at IS NULL"
    assert bool(await world.under_test.rows(grants, UUID(taken["id"]))) is not answered
    # A person may still say that they take it back.
    [consent] = await consents(world, partner, taken)
    ok(await take_back(world, partner, consent))
