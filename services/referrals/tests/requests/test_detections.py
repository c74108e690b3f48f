"""Campaigns by query and by population (MIS-18), one inbox (MIS-19), an offer that may be declined (MIS-22)."""

import csv
import io
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from referrals_service.detections.campaigns import lapse
from referrals_service.detections.importing import LAYOUT
from referrals_service.requests.caisse_calendar import calendar_of
from servicekit import clock
from servicekit.access import Actor
from servicekit.testing import ServiceUnderTest, at_work, ended

from .situations import AGENT as REQUESTS
from .situations import World, a_form, fields, ok, problem

CAMPAIGNS = "/api/v1/referrals/agent/campaigns"
DETECTIONS = "/api/v1/referrals/agent/detections"
IMPORTS = "/api/v1/referrals/agent/imports/detections"
WORKS = "/api/v1/referrals/agent/works"
BYTES = {"Content-Type": "application/octet-stream"}
AGREED = {k: v for k, v in a_form().items() if k not in {"informed", "phone"}}


@pytest.fixture
async def manager(world: World) -> Actor:
    return await world.adviser("responsable_unite")


@pytest.fixture
async def working(under_test: ServiceUnderTest) -> AsyncIterator[ServiceUnderTest]:
    """Give the service with its worker running."""
    async with at_work(under_test):
        yield under_test


def a_row(name: str, **known: str) -> dict[str, str]:
    """Return somebody on a list."""
    return (
        dict.fromkeys(LAYOUT.headings, "")
        | {"Prénoms": "Sofia", "Nom": name, "Date de naissance": "12/03/1989", "Téléphone": "612345678"}
        | {"Adresse": "3 rue des Lilas", "Code postal": "31600", "Commune": "Muret"}
        | known
    )


def a_file(rows: Iterable[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, LAYOUT.headings, delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("cp1252")


async def opened(world: World, manager: Actor, **changed: Any) -> dict[str, Any]:
    """Open a campaign; return its receipt."""
    today = calendar_of(manager.caisse).today()
    given = {
        "name": "Sans médecin traitant, 70 ans et plus",
        "mode": "population",
        "population": "elderly",
        "from_on": today.isoformat(),
        "until_on": (today + timedelta(days=90)).isoformat(),
    }
    return ok(await world.client(manager).post(CAMPAIGNS, given | changed), 201)


async def prepared(world: World, manager: Actor, campaign: dict[str, Any], rows: Iterable[dict[str, str]]) -> Any:
    """Send a list; return the receipt of the work."""
    url = f"{IMPORTS}?mode={campaign['id']}"
    return ok(await world.client(manager).request("POST", url, content=a_file(rows), headers=BYTES), 201)


async def brought(world: World, manager: Actor, campaign: dict[str, Any], rows: Iterable[dict[str, str]]) -> Any:
    """Import a list; return the counts."""
    client = world.client(manager)
    work = await prepared(world, manager, campaign, rows)
    ok(await client.post(f"{IMPORTS}/{work['id']}/confirm", if_match=work["version"]))
    return (await ended(client, f"{WORKS}/{work['id']}", seconds=60))["counts"]


async def inbox(world: World, reader: Actor, **wanted: str) -> list[dict[str, Any]]:
    query = "&".join(f"{key}={value}" for key, value in wanted.items())
    items: list[dict[str, Any]] = ok(await world.client(reader).get(f"{DETECTIONS}?{query}"))["items"]
    return items


async def one(world: World, manager: Actor, adviser: Actor, **row: str) -> dict[str, Any]:
    """Bring one person in; return the line of the inbox."""
    campaign = await opened(world, manager)
    assert await brought(world, manager, campaign, [a_row("Delmas", **row)]) == {"created": 1}
    [line] = await inbox(world, adviser)
    return line


async def call(world: World, by: Actor, line: dict[str, Any], outcome: str) -> Any:
    return await world.client(by).post(
        f"{DETECTIONS}/{line['id']}/calls", {"outcome": outcome}, if_match=line["version"]
    )


async def agree(world: World, by: Actor, line: dict[str, Any], **changed: Any) -> Any:
    body = {"form": AGREED | changed}
    return await world.client(by).post(f"{DETECTIONS}/{line['id']}/agree", body, if_match=line["version"])


@pytest.mark.usefixtures("working")
async def test_an_offer_accepted_becomes_a_referral_in_the_one_inbox(
    world: World, manager: Actor, adviser: Actor
) -> None:
    """MIS-18, MIS-19: nothing is opened before the person agreed on the telephone."""
    line = await one(world, manager, adviser)
    assert line["person"]["display_name"] == "Sofia DELMAS"
    assert (line["state"], line["mode"], line["population"]) == ("to_offer", "population", "elderly")
    assert await world.under_test.rows("SELECT 1 FROM requests") == []
    shown = ok(await world.client(adviser).get(f"{DETECTIONS}/{line['id']}"))
    assert (shown["phone"], shown["offer"], shown["calls_before_giving_up"]) == ("+33612345678", True, 3)

    agreed = ok(await agree(world, adviser, line))
    [waiting] = ok(await world.client(adviser).get(f"{REQUESTS}?assigned=none"))["items"]
    assert (waiting["id"], waiting["number"]) == (agreed["request_id"], agreed["number"])
    request = ok(await world.client(adviser).get(f"{REQUESTS}/{agreed['request_id']}"))
    assert (request["detection_mode"], request["detector_kind"]) == ("population", "requete")
    told = request["form"]["informed"]
    assert (told["channel"], told["agrees_to_be_called"]) == ("phone", True)
    assert told["informed_on"] == calendar_of("311").today().isoformat()
    assert request["form"]["phone"] == "+33612345678"
    [kept] = await world.under_test.rows("SELECT phone, state FROM detections")
    assert (kept["phone"], kept["state"]) == (None, "accepted")
    [fact] = [f for f in await world.facts() if f["type"] == "detection.ended"]
    assert fact["payload"]["request"] == agreed["request_id"]
    assert await inbox(world, adviser) == []
    problem(await call(world, adviser, line, "declined"), 409, "detection-ended")


@pytest.mark.usefixtures("working")
async def test_declining_is_an_ordinary_end_that_leaves_little(world: World, manager: Actor, adviser: Actor) -> None:
    """MIS-22: voluntary; who declined is left alone, and the list's contact details are forgotten."""
    line = await one(world, manager, adviser)
    declined = ok(await call(world, adviser, line, "declined"))
    assert declined["state"] == "declined"
    [person] = await world.under_test.rows("SELECT * FROM persons")
    assert (person["phone"], person["city"], person["address_lines"], person["last_name"]) == (None, None, [], "Delmas")
    open_grants = await world.under_test.rows("SELECT 1 FROM person_grants WHERE revoked_at IS NULL")
    assert open_grants == []
    [closed] = await inbox(world, adviser, state="declined")
    assert closed["person"] is None

    another = await opened(world, manager, name="Une autre liste", mode="query", population=None)
    work = await prepared(world, manager, another, [a_row("Delmas")])
    preview = ok(await world.client(manager).get(f"{IMPORTS}/{work['id']}/preview"))
    assert preview["expected"] == {"faulty": 1}
    assert "décliné" in preview["faulty"][0]["problems"][0]["message"]
    with clock.travel(clock.now() + timedelta(days=366)):
        again = await opened(world, manager, name="Un an après")
        work = await prepared(world, manager, again, [a_row("Delmas")])
        preview = ok(await world.client(manager).get(f"{IMPORTS}/{work['id']}/preview"))
    assert preview["expected"] == {"created": 1}


@pytest.mark.usefixtures("working")
async def test_a_person_known_otherwise_keeps_her_record(world: World, manager: Actor, adviser: Actor) -> None:
    partner = await world.structure()
    person = await world.person(partner)
    campaign = await opened(world, manager)
    row = a_row("Keller", Prénoms="Vanessa", **{"Date de naissance": "17/05/2002", "Téléphone": "0561000000"})
    assert await brought(world, manager, campaign, [row]) == {"created": 1}
    [line] = await inbox(world, adviser)
    assert line["person_id"] == str(person)
    ok(await call(world, adviser, line, "declined"))
    [kept] = await world.under_test.rows("SELECT phone, adults FROM persons")
    assert (kept["phone"], kept["adults"]) == ("+33612345678", 1)


@pytest.mark.usefixtures("working")
async def test_after_so_many_calls_nobody_insists(world: World, manager: Actor, adviser: Actor) -> None:
    """MIS-22; a person who asks to be called back was reached."""
    line = await one(world, manager, adviser)
    states = []
    for outcome in ("no_answer", "call_back", "voicemail", "wrong_number"):
        receipt = ok(await call(world, adviser, line, outcome))
        line |= {"version": receipt["version"]}
        states.append(receipt["state"])
    assert states == ["to_offer", "to_offer", "to_offer", "unreachable"]
    shown = ok(await world.client(adviser).get(f"{DETECTIONS}/{line['id']}"))
    assert [c["outcome"] for c in shown["calls"]] == ["no_answer", "call_back", "voicemail", "wrong_number"]
    assert (shown["phone"], shown["offer"], shown["unreached"]) == (None, False, 3)


@pytest.mark.usefixtures("working")
async def test_the_same_list_twice_brings_nobody_twice(world: World, manager: Actor, adviser: Actor) -> None:
    campaign = await opened(world, manager)
    rows = [a_row("Delmas"), a_row("Martin"), a_row("DELMAS")]
    assert await brought(world, manager, campaign, rows) == {"created": 2, "unchanged": 1}
    assert await brought(world, await world.adviser("coordinateur"), campaign, rows) == {"unchanged": 3}
    assert len(await world.under_test.rows("SELECT 1 FROM persons")) == 2
    counts = ok(await world.client(adviser).get(f"{CAMPAIGNS}/{campaign['id']}"))["counts"]
    assert counts == {"to_offer": 2}


@pytest.mark.usefixtures("working")
async def test_who_is_already_being_helped_is_not_offered_it(world: World, manager: Actor) -> None:
    partner = await world.structure()
    await world.filed(partner)
    campaign = await opened(world, manager)
    row = a_row("Keller", Prénoms="Vanessa", **{"Date de naissance": "17/05/2002"})
    assert await brought(world, manager, campaign, [row]) == {"faulty": 1}


@pytest.mark.usefixtures("working")
async def test_what_the_form_lacks_is_told_and_ends_nothing(world: World, manager: Actor, adviser: Actor) -> None:
    line = await one(world, manager, adviser)
    refusal = problem(await agree(world, adviser, line, scopes=[]), 422, "invalid")
    assert fields(refusal)["scopes"] == "MIS-02"
    assert [still["state"] for still in await inbox(world, adviser)] == ["to_offer"]
    assert await world.under_test.rows("SELECT 1 FROM detection_calls") == []


@pytest.mark.usefixtures("working")
async def test_a_campaign_that_is_over_calls_nobody_and_forgets(world: World, manager: Actor, adviser: Actor) -> None:
    line = await one(world, manager, adviser)
    [campaign] = ok(await world.client(manager).get(CAMPAIGNS))["items"]
    closed = await world.client(manager).post(f"{CAMPAIGNS}/{campaign['id']}/close", if_match=campaign["version"])
    assert ok(closed)["state"] == "closed"
    problem(await call(world, adviser, line, "no_answer"), 409, "campaign-over")
    url = f"{IMPORTS}?mode={campaign['id']}"
    sent = await world.client(manager).request("POST", url, content=a_file([a_row("Martin")]), headers=BYTES)
    problem(sent, 409, "campaign-over")
    async with world.under_test.app.state.service.database.system_session(lapse.name) as session:
        await lapse.work(session)
    [kept] = await world.under_test.rows("SELECT state, phone FROM detections")
    assert (kept["state"], kept["phone"]) == ("lapsed", None)
    [person] = await world.under_test.rows("SELECT phone FROM persons")
    assert person["phone"] is None


@pytest.mark.parametrize(
    "changed",
    [{"population": None}, {"mode": "query"}, {"until_on": "2020-01-01"}, {"name": "  "}, {"mode": "internal"}],
)
async def test_a_campaign_says_whom_it_is_for(world: World, manager: Actor, changed: dict[str, Any]) -> None:
    """MIS-18."""
    today = calendar_of("311").today().isoformat()
    given = {"name": "Jeunes", "mode": "population", "population": "young", "from_on": today, "until_on": today}
    problem(await world.client(manager).post(CAMPAIGNS, given | changed), 422, "invalid")


async def test_a_list_is_imported_into_a_campaign_that_is_there(world: World, manager: Actor) -> None:
    client = world.client(manager)
    content = a_file([a_row("Delmas")])
    problem(await client.request("POST", IMPORTS, content=content, headers=BYTES), 422, "invalid")
    url = f"{IMPORTS}?mode={uuid4()}"
    problem(await client.request("POST", url, content=content, headers=BYTES), 404, "campaign-not-found")


async def test_advisers_offer_and_do_not_bring_lists_in(world: World, adviser: Actor) -> None:
    problem(await world.client(adviser).post(CAMPAIGNS, {}), 403, "not-for-your-role")
    reception = await world.adviser("accueil", unit=None)
    problem(await world.client(reception).get(DETECTIONS), 403, "not-for-your-role")


@pytest.mark.usefixtures("working")
async def test_another_caisse_sees_nothing(world: World, manager: Actor, adviser: Actor) -> None:
    line = await one(world, manager, adviser)
    elsewhere = await world.adviser(caisse="811")
    assert await inbox(world, elsewhere) == []
    problem(await world.client(elsewhere).get(f"{DETECTIONS}/{line['id']}"), 404, "detection-not-found")
    problem(await call(world, elsewhere, line, "declined"), 404, "detection-not-found")
    assert ok(await world.client(elsewhere).get(CAMPAIGNS))["items"] == []
    missing = await world.client(await world.adviser("coordinateur", caisse="811")).get(f"{CAMPAIGNS}/{uuid4()}")
    problem(missing, 404, "campaign-not-found")
