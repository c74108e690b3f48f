"""What left is told: what, to whom, when, on which agreement; each reader finds what is theirs to know."""

from typing import Any
from uuid import UUID

from referrals_service.requests.transfer import open_transferred
from servicekit.access import Actor, Audience
from servicekit.testing import a_service, an_actor

from .situations import AGENT, PARTNER, World, ok, problem

PERSONS = "/api/v1/referrals/{side}/persons"


async def of_request(world: World, to: Actor, receipt: dict[str, Any]) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = ok(await world.client(to).get(f"{PARTNER}/{receipt['id']}/ledger"))["entries"]
    return entries


async def of_person(world: World, to: Actor, person: UUID | str, **options: Any) -> list[dict[str, Any]]:
    path = PERSONS.format(side=to.audience) + f"/{person}/ledger"
    entries: list[dict[str, Any]] = ok(await world.client(to).get(path, **options))["entries"]
    return entries


def said(entries: list[dict[str, Any]]) -> list[tuple[str, str, str, str | None]]:
    return [(e["item"], e["side"], e["recipient_kind"], e["recipient"]) for e in reversed(entries)]


async def lively(world: World, partner: Actor, adviser: Actor) -> tuple[UUID, dict[str, Any]]:
    """A referral with a message each way, a letter to the structure, and accepted at the end."""
    person = await world.person(partner)
    taken = await world.taken(partner, adviser, person)
    ok(await world.client(adviser).post(f"{AGENT}/{taken['id']}/messages", {"text": "Quand ?"}), 201)
    ok(await world.client(partner).post(f"{PARTNER}/{taken['id']}/messages", {"text": "Demain."}), 201)
    letter = {"kind": "misas_receipt", "recipient": ["CCAS de Muret", "31600 Muret"]}
    ok(await world.client(adviser).post(f"{AGENT}/{taken['id']}/letters", letter), 201)
    return person, ok(await world.act(adviser, taken, "accept", {}))


async def test_the_structure_finds_what_left_through_its_request(world: World, partner: Actor, adviser: Actor) -> None:
    _, accepted = await lively(world, partner, adviser)
    structure = str(partner.structure)
    entries = await of_request(world, partner, accepted)
    assert said(entries) == [
        ("request", "partner", "body", "311"),
        ("message", "caisse", "structure", structure),
        ("message", "partner", "body", "311"),
        ("letter", "caisse", "structure", structure),
    ]
    assert entries[0]["detail"] == "Accusé de réception d’une saisine MisAS"
    assert {e["recipient_name"] for e in entries if e["recipient_kind"] == "body"} == {"CPAM de la Haute-Garonne"}
    assert {e["agreement"]["state"] for e in entries} == {"given"}
    [reading] = await world.under_test.rows("SELECT subjects FROM journal WHERE kind = 'read' ORDER BY at DESC LIMIT 1")
    assert len(reading["subjects"]) == 1


async def test_what_another_service_read_is_in_it_for_the_caisse_and_the_officer(
    world: World, partner: Actor, adviser: Actor
) -> None:
    person, accepted = await lively(world, partner, adviser)
    reader = a_service("accompaniments")
    ok(await world.client(reader).get(f"/internal/handovers/{accepted['id']}", purpose="handover.read"))
    whole = await of_person(world, adviser, person)
    assert said(whole)[-1] == ("handover", "caisse", "service", "accompaniments")
    assert len(whole) == 5
    assert len(await of_request(world, partner, accepted)) == 4
    officer = an_actor(Audience.OFFICER, "dpo")
    assert said(await of_person(world, officer, person)) == said(whole)


async def test_what_went_to_another_body_is_said_with_the_agreement_that_was_taken_back_since(
    world: World, partner: Actor, adviser: Actor
) -> None:
    person = await world.person(partner)
    taken = await world.taken(partner, adviser, person)
    ok(await world.act(adviser, taken, "redirect", {"target": "other_caisse", "body": "811"}))
    service = world.under_test.app.state.service
    async with service.database.system_session("test", settings=service.settings) as session:
        await open_transferred.work(session, "311", UUID(taken["id"]), "811")
    entries = await of_request(world, partner, taken)
    assert said(entries) == [("request", "partner", "body", "311"), ("redirection", "caisse", "body", "811")]
    assert entries[0]["recipient_name"] == "CPAM du Tarn"
    there = await world.adviser(caisse="811")
    [arrived] = ok(await world.client(there).get(AGENT))["items"]
    assert said(await of_person(world, there, arrived["person_id"])) == [("reception", "system", "body", "811")]

    [consent] = (await world.client(partner).get(f"{PARTNER}/{taken['id']}/consents")).json()
    word = {"withdrawn_on": consent["informed_on"], "channel": "in_person"}
    ok(
        await world.client(partner).post(
            f"/api/v1/referrals/partner/consents/{consent['id']}/withdraw", word, if_match=1
        )
    )
    agreements = [e["agreement"] for e in await of_request(world, partner, taken)]
    assert {(a["state"], a["withdrawn_on"]) for a in agreements} == {("withdrawn", consent["informed_on"])}


async def test_nobody_else_reads_it(world: World, partner: Actor, adviser: Actor) -> None:
    person = await world.person(partner)
    sent = await world.filed(partner, person)
    stranger = await world.structure()
    problem(await world.client(stranger).get(f"{PARTNER}/{sent['id']}/ledger"), 404, "request-not-found")
    elsewhere, unit = await world.adviser(caisse="811"), await world.adviser(unit="autre")
    for agent in (elsewhere, unit):
        path = PERSONS.format(side="agent") + f"/{person}/ledger"
        problem(await world.client(agent).get(path), 404, "person-not-found")
    officer = an_actor(Audience.OFFICER, "dpo", caisse="811")
    problem(
        await world.client(officer).get(PERSONS.format(side="officer") + f"/{person}/ledger"), 404, "person-not-found"
    )


async def test_a_draft_left_nothing(world: World, partner: Actor) -> None:
    draft = await world.draft(partner)
    assert await of_request(world, partner, draft) == []
