"""What each audience reads, and that nobody else does."""

from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest

from partners_service.accounts.schemas import StaffInvitationIn
from partners_service.app import assemble
from partners_service.bootstrap import invite_first_administrator
from partners_service.roles import Role
from partners_service.settings import Settings
from servicekit.access import Audience
from servicekit.canary import refuse_unsafe_database
from servicekit.errors import Conflict
from servicekit.fact_schemas import fact_schemas
from servicekit.testing import ServiceUnderTest, a_service, an_actor, of_frames, service_routes

from .situations import DESK, OFFICER, PARTNER, Town, a_person, a_staff_member

READINGS = {
    "read_me_as_partner": f"{PARTNER}/me",
    "read_me_as_agent": f"{DESK}/me",
    "read_me_as_officer": f"{OFFICER}/me",
    "read_me_as_pilot": "/api/v1/partners/pilot/me",
    "list_bodies_for_partners": f"{PARTNER}/bodies",
    "list_bodies_for_agents": f"{DESK}/bodies",
    "list_bodies_for_officers": f"{OFFICER}/bodies",
    "list_units_for_agents": f"{DESK}/units",
    "list_units_for_officers": f"{OFFICER}/units",
    "read_own_structure": f"{PARTNER}/structure",
    "list_structures": f"{DESK}/structures",
    "read_structure": f"{DESK}/structures/{uuid4()}",
    "list_structures_for_officers": f"{OFFICER}/structures",
    "list_colleagues": f"{PARTNER}/colleagues",
    "read_directory": f"{DESK}/directory?ids={uuid4()}",
    "list_assignable_agents": f"{DESK}/colleagues",
    "list_staff": f"{OFFICER}/accounts",
    "follow": "/internal/facts",
    "read": f"/internal/handovers/{uuid4()}",
    "partner_notifications": f"{PARTNER}/notifications",
    "partner_unread_notifications": f"{PARTNER}/notifications/unread",
    "partner_notification_choices": f"{PARTNER}/notifications/choices",
    "agent_notifications": f"{DESK}/notifications",
    "agent_unread_notifications": f"{DESK}/notifications/unread",
    "agent_notification_choices": f"{DESK}/notifications/choices",
    "list_undelivered_mails": f"{DESK}/undelivered-mails",
    "read_rights": f"/internal/rights?structure={uuid4()}",
}
SOMEBODY = {
    Audience.PARTNER: "partner_user",
    Audience.AGENT: "coordinateur",
    Audience.OFFICER: "admin",
    Audience.PILOT: "pilote_regional",
    Audience.APP: "application_interne",
}


@pytest.mark.parametrize("name", READINGS)
async def test_a_reading_is_for_its_audience_alone(under_test: ServiceUnderTest, name: str) -> None:
    [route] = [r for r in service_routes(under_test.app) if r.name == name]
    path, purpose = READINGS[name], route.declared.purpose

    assert (await under_test.client_as(None).get(path)).status_code == 401
    for audience, role in SOMEBODY.items():
        answer = await under_test.client_as(an_actor(audience, role)).get(path, purpose=purpose)
        if audience is not route.declared.audience:
            assert answer.status_code == 403, audience
        else:
            assert answer.status_code in {200, 404}
            wrong = await under_test.client_as(an_actor(audience, role)).get(path, purpose="something.else")
            assert wrong.status_code == 403


def test_no_reading_is_forgotten_here(under_test: ServiceUnderTest) -> None:
    gets = (route for route in service_routes(under_test.app) if "GET" in (route.methods or ()))
    assert {r.name for r in gets if not of_frames(r)} == set(READINGS)


async def test_a_partner_reads_its_structure_as_the_front_shows_it(town: Town) -> None:
    structure = await town.structure(name="CCAS de Muret")
    member = await structure.member()

    seen = (await member.client.get(f"{PARTNER}/structure")).json()

    assert (seen["id"], seen["name"], seen["caisse"]) == (str(structure.id), "CCAS de Muret", "311")
    assert seen["address"] == {"lines": "3 place de la République", "postcode": "31600", "commune": "Muret"}
    assert (seen["state"], seen["portal_opened_on"], seen["nir_allowed"]) == ("active", "2023-01-09", False)
    assert "referent" not in seen


async def test_colleagues_come_by_name_with_what_the_reader_may_do(town: Town) -> None:
    structure = await town.structure()
    admin = await structure.member("partner_admin", last_name="Zidane")
    await structure.member(last_name="Éluard")
    await structure.member(last_name="Durand", came=False)
    await (await town.structure()).member()

    items = (await admin.client.get(f"{PARTNER}/colleagues")).json()["items"]
    page = (await admin.client.get(f"{PARTNER}/colleagues?limit=1")).json()
    rest = (await admin.client.get(f"{PARTNER}/colleagues?cursor={page['next_cursor']}")).json()

    assert [(i["last_name"], [r["role"] for r in i["roles"]], i["state"]) for i in items] == [
        ("Durand", ["partner_user"], "invited"),
        ("Éluard", ["partner_user"], "active"),
        ("Zidane", ["partner_admin"], "active"),
    ]
    assert page["items"] + rest["items"] == items
    assert items[0]["invitation_expires_at"]
    assert items[1]["abilities"] == {"suspend": True, "reactivate": False, "change_role": True, "remove": True}
    user = structure.town.service.client_as(an_actor(Audience.PARTNER, "partner_user", structure=structure.id))
    for item in (await user.get(f"{PARTNER}/colleagues")).json()["items"]:
        assert not any(item["abilities"].values())


async def test_the_directory_names_what_the_caisse_knows_and_skips_the_rest(
    under_test: ServiceUnderTest, town: Town, elsewhere: Town
) -> None:
    structure = await town.structure(name="Le Refuge")
    member = await structure.member(first_name="Nadia", last_name="Ben-Ali", job_title="Éducatrice")
    agent = await a_staff_member(town)
    assert agent.actor is not None
    far = await elsewhere.structure()
    ids = [structure.id, member.id, far.id, uuid4()]

    answer = await agent.get(f"{DESK}/directory?" + "&".join(f"ids={i}" for i in ids))

    assert sorted(answer.json(), key=lambda e: e["kind"]) == [
        {"id": str(member.id), "kind": "account", "name": "Nadia BEN-ALI", "detail": "Éducatrice"},
        {"id": str(structure.id), "kind": "structure", "name": "Le Refuge", "detail": "Muret"},
    ]
    too_many = "&".join(f"ids={uuid4()}" for _ in range(101))
    assert (await agent.get(f"{DESK}/directory?{too_many}")).status_code == 422
    assert (await agent.get(f"{DESK}/directory")).status_code == 422


async def test_work_is_given_to_agents_in_office(under_test: ServiceUnderTest, town: Town, elsewhere: Town) -> None:
    await a_staff_member(town, last_name="Martin")
    await a_staff_member(town, "agent_ass", "ass", last_name="Petit")
    await a_staff_member(town, "dpo", None)
    await a_staff_member(elsewhere, last_name="Ailleurs")
    gone = await a_staff_member(town, last_name="Parti")
    assert gone.actor is not None
    path = f"{OFFICER}/accounts/{gone.actor.sub}/suspend"
    assert (await town.officer().post(path, {"reason": "absence"}, if_match=2)).status_code == 200
    later = a_person(role="conseiller_misas", unit="misas", from_on="2099-01-01")
    assert (await town.officer().post(f"{OFFICER}/accounts", later)).status_code == 201

    async def names(query: str) -> list[tuple[str, str]]:
        items = (await town.desk.get(f"{DESK}/colleagues?{query}")).json()["items"]
        return [(item["last_name"], item["role"]) for item in items]

    assert await names("") == [("Martin", "conseiller_misas"), ("Petit", "agent_ass")]
    assert await names("unit=ass") == [("Petit", "agent_ass")]
    assert await names("role=conseiller_misas") == [("Martin", "conseiller_misas")]


async def test_bodies_are_told_with_their_departments(town: Town) -> None:
    bodies = {b["code"]: b for b in (await town.desk.get(f"{DESK}/bodies")).json()}

    assert bodies["311"] == {
        "code": "311",
        "name": "CPAM de la Haute-Garonne",
        "kind": "cpam",
        "departments": ["31"],
        "social_service": "CARSAT_MIDI_PYRENEES",
    }
    assert len(bodies) == 128


async def test_the_feed_gives_the_gateway_who_may_sign_in_and_no_name(under_test: ServiceUnderTest, town: Town) -> None:
    structure = await town.structure()
    member = await structure.member(first_name="Prénom-Canari", last_name="Nom-Canari", email="canari@secret.example")
    await town.desk.post(f"{structure.path}/trainings", {"kind": "lup", "on": "2025-01-01", "attended": True})

    answer = await under_test.client_as(a_service("gateway")).get("/internal/facts")

    types = [item["type"] for item in answer.json()["items"]]
    assert {t.split(".")[0] for t in types} == {"structure", "account", "assignment"}
    assert types.index("account.invited") < types.index("assignment.granted")
    everything = await under_test.client_as(a_service("referrals")).get("/internal/facts")
    assert "right.granted" in {item["type"] for item in everything.json()["items"]}
    for secret in ("canari", "@", "Camille"):
        assert secret.lower() not in everything.text.lower()
    assert str(member.id) in everything.text


def test_every_fact_is_closed_to_free_text() -> None:
    schemas = fact_schemas("partners_service")
    assert "assignment.granted.v1.json" in schemas
    assert len(schemas) >= 20


def contract() -> Any:
    return assemble(Settings.ephemeral()).openapi()


def test_every_operation_says_in_french_what_it_is() -> None:
    for path, methods in contract()["paths"].items():
        for operation in methods.values():
            assert "x-access" in operation, path
            if path.startswith("/api/"):
                assert operation["summary"], path
                assert operation["description"].endswith("."), path


def test_the_examples_of_the_contract_are_accepted() -> None:
    """An example that the product refuses teaches people wrong."""
    schemas = contract()["components"]["schemas"]
    checked = 0
    for module in ("structures", "accounts"):
        models = import_module(f"partners_service.{module}.schemas")
        for name, schema in schemas.items():
            model = getattr(models, name, None)
            properties = schema.get("properties", {})
            examples = {field: p["examples"][0] for field, p in properties.items() if p.get("examples")}
            if model is None or not examples or set(examples) < set(schema.get("required", ())):
                continue
            extra = {"role": "conseiller_misas"} if "role" in schema.get("required", ()) else {}
            model.model_validate(examples | extra)
            checked += 1
    assert checked >= 3


async def test_the_first_administrator_of_a_body_is_invited_by_who_runs_the_service(
    under_test: ServiceUnderTest, town: Town
) -> None:
    database = under_test.app.state.service.database
    person = StaffInvitationIn(**a_person(role=Role.ADMIN, email="premier@cpam.example"))

    first = await invite_first_administrator(database, "311", person)
    second = await invite_first_administrator(database, "311", person)

    gateway = under_test.client_as(a_service("gateway"))
    assert (await gateway.get(f"/internal/handovers/{first}")).status_code == 404
    content = (await gateway.get(f"/internal/handovers/{second}")).json()
    admin = under_test.client_as(an_actor(Audience.OFFICER, "admin", sub=content["account_id"]))
    assert (await admin.post(f"{OFFICER}/me/charter", {"version": "2026-1"})).status_code == 200
    with pytest.raises(Conflict):
        await invite_first_administrator(database, "311", person)


async def test_the_start_is_refused_if_a_table_loses_its_policy(under_test: ServiceUnderTest) -> None:
    service = under_test.app.state.service
    await refuse_unsafe_database(service.database, under_test.app.state.exempt_tables)
    await under_test.rows("ALTER TABLE structures NO FORCE ROW LEVEL SECURITY")
    try:
        with pytest.raises(RuntimeError, match="structures"):
            await refuse_unsafe_database(service.database, under_test.app.state.exempt_tables)
    finally:
        await under_test.rows("ALTER TABLE structures FORCE ROW LEVEL SECURITY")
