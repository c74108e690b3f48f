"""What a structure sees: its list, one request, its home; and what it costs."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import event

from referrals_service.requests.codes import RequestKind
from referrals_service.requests.schemas import PartnerRequestRow
from servicekit import clock
from servicekit.access import Actor
from servicekit.pages import Page

from .situations import PARTNER, World, ok, problem

HOME = "/api/v1/referrals/partner/home"


async def listed(world: World, to: Actor, query: str = "") -> list[dict[str, Any]]:
    return list(ok(await world.client(to).get(f"{PARTNER}?{query}"))["items"])


async def test_the_list_shows_the_structures_own_newest_first(world: World, partner: Actor, adviser: Actor) -> None:
    first = await world.filed(partner, await world.person(partner, "Keller"))
    second = await world.taken(partner, adviser, await world.person(partner, "Durand"))
    draft = await world.draft(partner, await world.person(partner, "Martin"))
    await world.filed(await world.structure())
    await world.filed(await world.structure(caisse="811"))

    items = await listed(world, partner)

    assert [(i["id"], i["state"], i["person"]["display_name"]) for i in items] == [
        (draft["id"], "draft", "Vanessa MARTIN"),
        (second["id"], "under_review", "Vanessa DURAND"),
        (first["id"], "received", "Vanessa KELLER"),
    ]
    assert [(i["state_label"], i["turn"]) for i in items] == [
        ("Brouillon", "partner"),
        ("À l'étude", "caisse"),
        ("Reçue", "caisse"),
    ]
    assert {able for able, may in items[2]["abilities"].items() if may} == {"withdraw", "write"}
    [entry] = await world.under_test.rows("SELECT * FROM journal WHERE action = 'partner_list_requests'")
    assert len(entry["subjects"]) == 3
    assert entry["kind"] == "read"


async def test_the_list_is_what_its_contract_says(world: World, partner: Actor, adviser: Actor) -> None:
    """The bytes are written by hand: nothing but this holds them to the model."""
    await world.filed(partner, await world.person(partner, "Keller"))
    await world.draft(partner, await world.person(partner, "Martin"))
    taken = await world.taken(partner, adviser, await world.person(partner, "Durand"))
    ok(await world.act(adviser, taken, "accept", {}))
    await world.under_test.rows("UPDATE persons SET phone = NULL, phone_kind = NULL, city = 'Muret'")
    answer = await world.client(partner).get(f"{PARTNER}?limit=2")
    for url in (f"{PARTNER}?limit=2", f"{PARTNER}?cursor={answer.json()['next_cursor']}"):
        content = (await world.client(partner).get(url)).content
        page = Page[PartnerRequestRow].model_validate_json(content, extra="forbid")
        assert page.items
        again = orjson.loads(page.model_dump_json())
        for written, item in zip(orjson.loads(content)["items"], again["items"], strict=True):
            for instant in ("created_at", "submitted_at", "last_event_at"):
                assert (written[instant] is None) == (item.pop(instant) is None)
                del written[instant]
            assert written == item
    with clock.travel(datetime(2031, 1, 1, tzinfo=UTC)):
        assert ok(await world.client(partner).get(PARTNER))["items"][0]["working_days_left"] is None


async def test_pages_follow_one_another_without_gap_or_double(world: World, partner: Actor) -> None:
    sent = [await world.filed(partner, await world.person(partner, f"K{c}")) for c in "abcde"]
    for sort in ("created", "last_event"):
        seen: list[str] = []
        cursor = ""
        while True:
            page = ok(await world.client(partner).get(f"{PARTNER}?limit=2&sort={sort}{cursor}"))
            seen += [item["id"] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
        assert seen == [receipt["id"] for receipt in reversed(sent)]
    assert ok(await world.client(partner).get(f"{PARTNER}?limit=100"))["next_cursor"] is None
    problem(await world.client(partner).get(f"{PARTNER}?cursor=zzz"), 422, "invalid")
    problem(await world.client(partner).get(f"{PARTNER}?limit=101"), 422, "invalid")


async def test_filters(world: World, partner: Actor, adviser: Actor) -> None:
    sent = await world.filed(partner, await world.person(partner, "Keller"))
    taken = await world.taken(partner, adviser, await world.person(partner, "Durand"))
    ok(await world.act(adviser, taken, "messages", {"text": "À quelle heure ?"}), 201)
    assert [i["id"] for i in await listed(world, partner, "state=received")] == [sent["id"]]
    assert [i["id"] for i in await listed(world, partner, "turn=partner")] == [taken["id"]]
    assert len(await listed(world, partner, "kind=misas_referral")) == 2
    number = sent["number"]
    assert [i["id"] for i in await listed(world, partner, f"q={number}")] == [sent["id"]]
    assert [i["id"] for i in await listed(world, partner, f"q={number.lower()}")] == [sent["id"]]
    assert [i["id"] for i in await listed(world, partner, f"q={int(number[-6:])}")] == [sent["id"]]
    assert {i["id"] for i in await listed(world, partner, f"q={number[:9]}")} == {sent["id"], taken["id"]}
    assert await listed(world, partner, "q=811-") == []
    problem(await world.client(partner).get(f"{PARTNER}?state=unheard_of"), 422, "invalid")


async def test_one_request_is_shown_whole_to_its_structure_only(world: World, partner: Actor, adviser: Actor) -> None:
    """CONF-01."""
    sent = await world.filed(partner)
    shown = await world.shown(partner, sent)
    assert (shown["number"], shown["person"]["display_name"]) == (sent["number"], "Vanessa KELLER")
    assert shown["form"]["informed"]["agrees_to_be_called"] is True
    assert shown["form"]["phone"] == "+33612345678"
    assert shown["working_days_left"] == 2
    assert [(e["event"], e["state_label"], e["actor"]) for e in shown["timeline"]] == [("submit", "Reçue", partner.sub)]
    path = f"{PARTNER}/{sent['id']}"
    for stranger in (await world.structure(), await world.structure(caisse="811")):
        problem(await world.client(stranger).get(path), 404, "request-not-found")
    # Same structure id, other caisse: the token cannot exist, and would show nothing.
    problem(await world.client(replace(partner, caisse="811")).get(path), 404, "request-not-found")
    problem(await world.client(None).get(path), 401, "unauthenticated")
    assert (await world.client(adviser).get(path)).status_code == 403
    assert (await world.client(replace(partner, role="partner_admin")).get(path)).status_code == 403
    problem(await world.client(partner).get(f"{PARTNER}/{uuid4()}"), 404, "request-not-found")
    answer = await world.client(partner).get(path)
    assert answer.headers["etag"] == '"1"'


async def test_home_says_what_waits_and_how_much_there_is(world: World, partner: Actor, adviser: Actor) -> None:
    draft = await world.draft(partner, await world.person(partner, "Martin"))
    taken = await world.taken(partner, adviser, await world.person(partner, "Durand"))
    ok(await world.act(adviser, taken, "messages", {"text": "À quelle heure ?"}), 201)
    sent = await world.filed(partner, await world.person(partner, "Keller"))
    await world.filed(await world.structure())
    await world.under_test.rows(
        "INSERT INTO queue_delays (caisse, kind, measured_at, window_days, answered, median_days) "
        "VALUES ('311', 'misas_referral', now(), 90, 40, 3.5), ('811', 'misas_referral', now(), 90, 40, 9)"
    )

    home = ok(await world.client(partner).get(HOME))

    assert [i["id"] for i in home["waiting_for_me"]] == [taken["id"], draft["id"]]
    assert [i["id"] for i in home["recent"]] == [sent["id"], taken["id"]]
    counted = {state: c["count"] for state, c in home["counts"].items() if c["count"]}
    assert counted == {"draft": 1, "under_review": 1, "received": 1}
    assert not any(c["more"] for c in home["counts"].values())
    delays = {delay.pop("kind"): delay for delay in home["delays"]}
    assert set(delays) == set(RequestKind)
    assert delays["misas_referral"] == {"target_days": 2, "observed_days": 3.5}
    assert delays["urgent"] == {"target_days": 4, "observed_days": None}


async def test_the_administrator_of_a_structure_sees_how_many_and_no_name(world: World, partner: Actor) -> None:
    await world.filed(partner)
    administrator = replace(partner, role="partner_admin", sub=str(uuid4()))
    home = ok(await world.client(administrator).get(HOME))
    assert (home["waiting_for_me"], home["recent"]) == ([], [])
    assert home["counts"]["received"]["count"] == 1
    assert "Keller" not in str(home)
    assert (await world.client(administrator).get(PARTNER)).status_code == 403


async def test_the_text_to_be_told_is_given_with_its_version(world: World, partner: Actor) -> None:
    path = "/api/v1/referrals/partner/information-statement?kind="
    versions = {}
    for kind in RequestKind:
        statement = ok(await world.client(partner).get(f"{path}{kind}"))
        versions[kind] = statement["version"]
        assert len(statement["paragraphs"]) >= 3
    assert len({versions[RequestKind(kind)] for kind in ("misas_referral", "send_file", "ss_referral")}) == 3
    problem(await world.client(None).get(f"{path}send_file"), 401, "unauthenticated")


class Counted:
    """Counts what is sent to the database, the scope included; BEGIN and COMMIT besides."""

    def __init__(self, world: World) -> None:
        self.engine = world.under_test.app.state.service.database.engine.sync_engine
        self.statements: list[str] = []

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.statements.append(statement)

    def __enter__(self) -> "Counted":
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)


async def test_hot_paths_cost_few_statements(world: World, partner: Actor) -> None:
    person = await world.person(partner)
    await world.draft(partner, person)
    with Counted(world) as filing:
        receipt = await world.filed(partner, person)
    # Scope, key, what the door checks, the request with all that goes with it, journal with the answer.
    assert len(filing.statements) == 5, filing.statements
    await world.shown(partner, receipt)
    with Counted(world) as listing:
        await listed(world, partner)
    # Scope, the list with its names, the budget, the journal: nothing a row.
    assert len(listing.statements) == 4, listing.statements
    with Counted(world) as detail:
        await world.shown(partner, receipt)
    assert len(detail.statements) == 6, detail.statements


async def test_names_leave_the_list_with_the_grant(world: World, partner: Actor) -> None:
    person = await world.person(partner)
    sent = await world.filed(partner, person)
    until = "UPDATE person_grants SET until_at = '2030-01-01' WHERE person_id = %s AND holder_kind = 'structure'"
    await world.under_test.rows(until, person)
    [item] = await listed(world, partner)
    assert item["person"]["display_name"] == "Vanessa KELLER"
    # The domain's clock decides, in the demonstration year as in the real one.
    with clock.travel(datetime(2030, 1, 2, tzinfo=UTC)):
        [item] = await listed(world, partner)
    assert (item["id"], item["person"]) == (sent["id"], None)
    revoked = (
        "UPDATE person_grants SET revoked_at = now(), revoked_by = 'test' WHERE person_id = %s AND "
        "holder_kind = 'structure'"
    )
    await world.under_test.rows(revoked, person)
    [item] = await listed(world, partner)
    assert item["person"] is None
    assert (await world.shown(partner, sent))["person"] is None
    other = await world.person(partner, "Durand")
    await world.under_test.rows(revoked, other)
    problem(await world.file(partner, other), 404, "person-not-found")


async def test_a_name_in_the_list_counts_in_the_budget(world: World, partner: Actor) -> None:
    for name in ("Keller", "Durand"):
        await world.filed(partner, await world.person(partner, name))
    await listed(world, partner)
    counted = await world.under_test.rows("SELECT person_id FROM person_readings WHERE account = %s", partner.sub)
    assert len(counted) == 2
