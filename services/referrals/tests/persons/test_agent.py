"""Agents of the caisse: what is entrusted to them, what they open with a reason, and what they never see."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from servicekit import clock
from servicekit.access import Actor, Audience
from servicekit.testing import an_actor

from .situations import AGENT, NIR, PARTNER, Here, a_person, a_structure

REASON = {"reason": "Rappel de la personne au standard, sans dossier en cours."}


def stepped_up(actor: Actor) -> Actor:
    return replace(actor, stepup_at=int(clock.system_now().timestamp()))


@pytest.fixture
async def person(here: Here) -> UUID:
    return await here.register(identifier={"kind": "nir", "value": NIR})


async def test_an_entrusted_person_is_shown_with_a_masked_number(here: Here, person: UUID) -> None:
    await here.entrust(person, here.adviser)
    answer = await here.client(here.adviser).get(f"{AGENT}/{person}")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert [(each["kind"], each["masked"]) for each in body["identifiers"]] == [("nir", "2 55 ** ** *** *** **")]
    assert body["registered_by_structure"] == str(here.partner.structure)
    assert body["open_until"] is None
    assert body["abilities"] == {"amend": True, "reveal_number": True}
    assert NIR not in answer.text
    [entry] = await here.under_test.rows("SELECT subjects, fields FROM journal WHERE kind = 'read'")
    assert entry == {"subjects": [person], "fields": ["identity", "nir", "social", "technical"]}


async def test_a_unit_sees_what_waits_for_it(here: Here, person: UUID) -> None:
    await here.entrust(person, here.adviser, holder_kind="unit", holder="misas")
    elsewhere = an_actor(Audience.AGENT, "conseiller_misas", unit="lup")
    nowhere = an_actor(Audience.AGENT, "conseiller_misas", unit=None)
    assert (await here.client(here.adviser).get(f"{AGENT}/{person}")).status_code == 200
    for agent in (elsewhere, nowhere):
        assert (await here.client(agent).get(f"{AGENT}/{person}")).status_code == 403


async def test_a_grant_for_another_purpose_opens_nothing(here: Here, person: UUID) -> None:
    await here.entrust(person, here.adviser, purpose="accompany")
    assert (await here.client(here.adviser).get(f"{AGENT}/{person}")).status_code == 403
    batch = await here.client(here.adviser).post(f"{AGENT}/batch", {"ids": [str(person)]})
    assert batch.json()["items"] == []


async def test_a_revoked_grant_counts_at_the_next_request(here: Here, person: UUID) -> None:
    await here.entrust(person, here.adviser)
    client = here.client(here.adviser)
    assert (await client.get(f"{AGENT}/{person}")).status_code == 200
    await here.under_test.rows("UPDATE person_grants SET revoked_at = now(), revoked_by = 'test'")
    assert (await client.get(f"{AGENT}/{person}")).status_code == 403
    assert (await client.post(f"{AGENT}/batch", {"ids": [str(person)]})).json()["items"] == []
    assert (await here.client(here.partner).get(f"{PARTNER}/{person}")).status_code == 404


@pytest.mark.parametrize("end", ["now()", "now() - interval '1 second'"])
async def test_a_grant_that_ended_opens_nothing(here: Here, person: UUID, end: str) -> None:
    [until] = await here.under_test.rows(f"SELECT {end} AS at")
    await here.entrust(person, here.adviser, until_at=until["at"])
    assert (await here.client(here.adviser).get(f"{AGENT}/{person}")).status_code == 403


async def test_another_caisse_sees_nothing_at_all(here: Here, person: UUID) -> None:
    stranger = stepped_up(an_actor(Audience.AGENT, "conseiller_misas", caisse="312"))
    await here.entrust(person, stranger)  # even with a grant that should not exist
    client = here.client(stranger)
    assert (await client.get(f"{AGENT}/{person}")).status_code == 404
    assert (await client.post(f"{AGENT}/{person}/open", REASON)).status_code == 404
    assert (await client.post(f"{AGENT}/{person}/nir/reveal", REASON)).status_code == 404
    for criteria in ({"last_name": "benali"}, {"identifier": NIR}, {"birth_on": "1985-03-12"}):
        assert (await client.post(f"{AGENT}/search", criteria)).json() == {"items": [], "more": False}


async def test_the_whole_caisse_can_be_searched_and_each_result_is_journalled(here: Here, person: UUID) -> None:
    found = await here.client(here.adviser).post(f"{AGENT}/search", {"identifier": "2 55 08 14 168 025 38"})
    assert [item["id"] for item in found.json()["items"]] == [str(person)]
    [entry] = await here.under_test.rows("SELECT action, purpose, subjects FROM journal WHERE kind = 'read'")
    assert entry == {"action": "agent_search_persons", "purpose": "referral.triage", "subjects": [person]}
    counted = await here.under_test.rows("SELECT account, person_id FROM person_readings")
    assert counted == [{"account": here.adviser.sub, "person_id": person}]


async def test_a_number_of_another_caisses_register_finds_nobody_here(here: Here, person: UUID) -> None:
    client = here.client(here.adviser)
    [row] = await here.under_test.rows("SELECT number FROM persons")
    for number, found in ((f"311-P{row['number']:07d}", 1), (str(row["number"]), 1), (f"312-P{row['number']}", 0)):
        answer = await client.post(f"{AGENT}/search", {"number": number})
        assert len(answer.json()["items"]) == found, number
    assert (await client.post(f"{AGENT}/search", {"number": "311-P12'"})).status_code == 422


async def test_a_manager_of_the_social_service_reads_what_is_entrusted_and_changes_nothing(
    here: Here, person: UUID
) -> None:
    manager = an_actor(Audience.AGENT, "manager_ss", unit="ss")
    await here.entrust(person, manager)
    client = here.client(manager)
    shown = (await client.get(f"{AGENT}/{person}")).json()
    assert shown["abilities"] == {"amend": False, "reveal_number": False}
    change = {"household": {"adults": 3}}
    assert (await client.post(f"{AGENT}/{person}/amend", change, if_match=1)).status_code == 403
    assert (await client.post(f"{AGENT}/{person}/open", REASON)).status_code == 403


@pytest.mark.parametrize("role", ["manager_ss", "agent_ass", "medecin_conseil", "commission_ass", "accueil"])
async def test_roles_that_sort_no_referral_do_not_search(here: Here, role: str) -> None:
    agent = an_actor(Audience.AGENT, role)
    assert (await here.client(agent).post(f"{AGENT}/search", {"last_name": "benali"})).status_code == 403


async def test_a_search_shows_at_most_twenty_and_says_so(here: Here) -> None:
    for letter in "abcdefghijklmnopqrstuvw":
        await here.register(first_names=f"{letter}line", last_name="Durand", birth_name=None)
    found = (await here.client(here.adviser).post(f"{AGENT}/search", {"last_name": "dur"})).json()
    assert found["more"] is True
    names = [item["display_name"] for item in found["items"]]
    assert names == [f"{letter}line DURAND" for letter in "abcdefghijklmnopqrst"]


async def test_a_person_nobody_entrusted_opens_with_a_written_reason_for_a_while(here: Here, person: UUID) -> None:
    client = here.client(here.adviser)
    refused = await client.get(f"{AGENT}/{person}")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/person-reason-needed")
    assert (await client.post(f"{AGENT}/{person}/open", {"reason": "court"})).status_code == 422

    opened = await client.post(f"{AGENT}/{person}/open", REASON)
    assert opened.json() == {"id": str(person), "version": 1, "state": "open"}
    shown = (await client.get(f"{AGENT}/{person}")).json()
    assert shown["open_until"] is not None
    [grant] = await here.under_test.rows(
        "SELECT holder, reason, granted_by, until_at - from_at AS lasts FROM person_grants WHERE reason IS NOT NULL"
    )
    assert (grant["holder"], grant["granted_by"]) == (here.adviser.sub, here.adviser.sub)
    assert grant["reason"] == REASON["reason"]
    assert grant["lasts"].total_seconds() == pytest.approx(1800, abs=1)
    [entry] = await here.under_test.rows("SELECT actor, subjects FROM journal WHERE action = 'person.open_with_reason'")
    assert entry == {"actor": here.adviser.sub, "subjects": [person]}

    colleague = an_actor(Audience.AGENT, "conseiller_misas")
    assert (await here.client(colleague).get(f"{AGENT}/{person}")).status_code == 403
    await here.under_test.rows(
        "UPDATE person_grants SET from_at = now() - interval '31 minutes', "
        "until_at = now() - interval '1 minute' WHERE reason IS NOT NULL"
    )
    assert (await client.get(f"{AGENT}/{person}")).status_code == 403
    await client.post(f"{AGENT}/{person}/open", REASON)
    assert len(await here.under_test.rows("SELECT 1 FROM person_grants WHERE reason IS NOT NULL")) == 2


async def test_the_number_is_revealed_after_step_up_with_a_reason(here: Here, person: UUID) -> None:
    await here.entrust(person, here.adviser)
    path = f"{AGENT}/{person}/nir/reveal"
    refused = await here.client(here.adviser).post(path, REASON)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/step-up-required")

    confirmed = here.client(stepped_up(here.adviser))
    assert (await confirmed.post(path, {})).status_code == 422
    shown = await confirmed.post(path, REASON)
    assert shown.json() == {"kind": "nir", "value": "2 55 08 14 168 025 38"}
    [kept] = await here.under_test.rows("SELECT person_id, account, reason FROM number_reveals")
    assert kept == {"person_id": person, "account": here.adviser.sub, "reason": REASON["reason"]}
    [entry] = await here.under_test.rows("SELECT subjects, fields FROM journal WHERE resource = 'person.number'")
    assert entry == {"subjects": [person], "fields": ["nir"]}
    assert await here.under_test.rows("SELECT 1 FROM idempotency WHERE route LIKE '%%reveal%%'") == []


async def test_a_number_is_not_revealed_without_a_grant_nor_where_there_is_none(here: Here, person: UUID) -> None:
    client = here.client(stepped_up(here.adviser))
    assert (await client.post(f"{AGENT}/{person}/nir/reveal", REASON)).status_code == 403
    without = await here.register(last_name="Sansnum")
    await here.entrust(without, here.adviser)
    none = await client.post(f"{AGENT}/{without}/nir/reveal", REASON)
    assert (none.status_code, none.json()["type"]) == (409, "/problems/person-without-number")


async def test_a_sealed_number_moved_to_another_person_does_not_open(here: Here, person: UUID) -> None:
    other = await here.register(identifier={"kind": "nir", "value": "178059933010817"}, last_name="Autre")
    await here.entrust(person, here.adviser)
    await here.under_test.rows(
        "UPDATE person_numbers SET content = (SELECT content FROM person_numbers WHERE person_id = %s) "
        "WHERE person_id = %s",
        other,
        person,
    )
    answer = await here.client(stepped_up(here.adviser)).post(f"{AGENT}/{person}/nir/reveal", REASON)
    assert answer.status_code == 500
    assert "178059933010817" not in answer.text
    assert await here.under_test.rows("SELECT 1 FROM number_reveals") == []


async def test_the_caisse_corrects_and_keeps_the_history_of_numbers(here: Here, person: UUID) -> None:
    await here.entrust(person, here.adviser)
    client = here.client(here.adviser)
    change = {"identifier": {"kind": "nir", "value": "178059933010817"}}
    assert (await client.post(f"{AGENT}/{person}/amend", change, if_match=1)).status_code == 200
    shown = (await client.get(f"{AGENT}/{person}")).json()
    assert [(each["masked"], each["until_at"] is None) for each in shown["identifiers"]] == [
        ("1 78 ** ** *** *** **", True),
        ("2 55 ** ** *** *** **", False),
    ]
    for number in (NIR, "178059933010817"):
        found = await client.post(f"{AGENT}/search", {"identifier": number})
        assert [item["id"] for item in found.json()["items"]] == [str(person)]
    facts = await here.under_test.facts()
    assert facts[-1]["payload"] == {"groups": ["identifier"], "by": "caisse"}
    assert (
        await here.client(an_actor(Audience.AGENT, "conseiller_misas")).post(
            f"{AGENT}/{person}/amend", change, if_match=2
        )
    ).status_code == 403


async def test_duplicates_are_proposed_across_structures_and_told_apart_for_good(here: Here, person: UUID) -> None:
    neighbour = await a_structure(here.under_test, nir_allowed=True)
    same = await here.register(neighbour, identifier={"kind": "nir", "value": NIR}, birth_on="1985-12-03")
    typo = await here.register(
        neighbour, last_name="Benaly", birth_name=None, contact={"preferred_channel": "via_structure"}
    )
    await here.register(
        neighbour,
        last_name="Lacoste",
        first_names="Yves",
        birth_name=None,
        contact={"preferred_channel": "via_structure"},
    )
    await here.entrust(person, here.adviser)
    client = here.client(here.adviser)

    proposed = (await client.get(f"{AGENT}/{person}/duplicates")).json()["items"]
    assert [(each["person"]["id"], each["reasons"]) for each in proposed] == [
        (str(same), ["same_number"]),
        (str(typo), ["close_name_and_birth"]),
    ]
    [entry] = await here.under_test.rows("SELECT subjects FROM journal WHERE action = 'agent_list_duplicates'")
    assert set(entry["subjects"]) == {same, typo}

    said = await client.post(f"{AGENT}/{person}/duplicates/{typo}/not-same", REASON)
    assert said.json() == {"id": str(person), "version": 1, "state": "distinct"}
    again = await client.post(f"{AGENT}/{person}/duplicates/{typo}/not-same", {"reason": "Une autre raison écrite."})
    assert again.status_code == 200
    left = (await client.get(f"{AGENT}/{person}/duplicates")).json()["items"]
    assert [each["person"]["id"] for each in left] == [str(same)]
    await here.entrust(typo, here.adviser)
    from_the_other_side = (await client.get(f"{AGENT}/{typo}/duplicates")).json()["items"]
    assert [each["person"]["id"] for each in from_the_other_side] == []
    [kept] = await here.under_test.rows("SELECT reason, decided_by FROM person_distinctions")
    assert kept == {"reason": REASON["reason"], "decided_by": here.adviser.sub}
    assert [f["type"] for f in await here.under_test.facts()].count("persons.distinguished") == 1
    # Nothing was merged.
    assert len(await here.under_test.rows("SELECT 1 FROM persons")) == 4

    for nobody in (uuid4(), person):
        refused = await client.post(f"{AGENT}/{person}/duplicates/{nobody}/not-same", REASON)
        assert refused.status_code == 404


async def test_when_the_caisse_takes_over_the_structure_reads_and_no_longer_corrects(here: Here, person: UUID) -> None:
    from referrals_service.persons import grants

    database = here.under_test.app.state.service.database
    async with database.session(database.scope_of(here.adviser)) as session:
        await grants.taken_over(session, "311", person, here.partner.structure_id, by=here.adviser.sub)
    client = here.client(here.partner)
    shown = (await client.get(f"{PARTNER}/{person}")).json()
    assert shown["abilities"] == {"amend": False}
    assert shown["household"] is None
    change = {"household": {"adults": 3}}
    refused = await client.post(f"{PARTNER}/{person}/amend", change, if_match=1)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/person-taken-over")
    assert a_person()["household"]["adults"] == (await here.under_test.rows("SELECT adults FROM persons"))[0]["adults"]
