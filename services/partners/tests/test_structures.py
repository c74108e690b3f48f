"""Structures from registration to closing: what each act does, announces and refuses."""

from datetime import UTC, datetime
from typing import Any

import pytest

from servicekit import clock
from servicekit.access import Audience
from servicekit.testing import ServiceUnderTest, an_actor

from .situations import BODIES, DESK, OFFICER, Structure, Town, a_registration, a_siret


async def the_facts(service: ServiceUnderTest, structure: Structure) -> list[tuple[str, dict[str, Any]]]:
    """Return what was announced of one structure."""
    return [
        (fact["type"], fact["payload"])
        for fact in await service.facts()
        if fact["subject"].get("structure") == str(structure.id)
    ]


async def test_a_structure_goes_from_registration_to_closing_and_each_step_is_told_once(
    under_test: ServiceUnderTest, town: Town
) -> None:
    structure = await town.structure("registration_requested", kind="hebergement")
    await structure.act("approve")
    await structure.act("open-portal", {"opened_on": "2023-01-09"})
    await structure.act("suspend", {"reason": "agreement_ended"})
    await structure.act("reactivate")
    await structure.act("close", {"reason": "merged"})

    assert await the_facts(under_test, structure) == [
        (
            "structure.registered",
            {
                "kind": "hebergement",
                "department": "31",
                "state": "registration_requested",
                "nir_allowed": False,
            },
        ),
        ("structure.approved", {}),
        ("structure.activated", {"portal_opened_on": "2023-01-09"}),
        ("structure.suspended", {"reason": "agreement_ended"}),
        ("structure.reactivated", {}),
        ("structure.closed", {"reason": "merged"}),
    ]
    seen = await structure.read()
    assert (seen["state"], seen["version"], seen["possible"]) == ("closed", 6, [])
    assert [(h["from_state"], h["to_state"], h["reason"]) for h in reversed(seen["history"])] == [
        (None, "registration_requested", None),
        ("registration_requested", "approved", None),
        ("approved", "active", None),
        ("active", "suspended", "agreement_ended"),
        ("suspended", "active", None),
        ("active", "closed", "merged"),
    ]
    assert {h["by"] for h in seen["history"]} == {town.desk.actor.sub if town.desk.actor else ""}


REFUSED = {
    "registration_requested": {"open-portal", "suspend", "reactivate"},
    "approved": {"approve", "refuse", "suspend", "reactivate"},
    "active": {"approve", "refuse", "open-portal", "reactivate"},
    "suspended": {"approve", "refuse", "open-portal", "suspend"},
    "refused": set(BODIES),
    "closed": set(BODIES),
}


@pytest.mark.parametrize("state", REFUSED)
async def test_an_act_that_the_state_does_not_allow_is_refused_and_changes_nothing(
    under_test: ServiceUnderTest, town: Town, state: str
) -> None:
    structure = await town.structure(state)
    before = (await structure.read(), await under_test.facts())

    for act in REFUSED[state]:
        answer = await town.desk.post(f"{structure.path}/{act}", BODIES[act], if_match=structure.version)
        assert answer.status_code == 409, act
        assert answer.json()["type"] == "/problems/transition-refused"
        assert answer.json()["state"] == state

    assert (await structure.read(), await under_test.facts()) == before


async def test_a_prospect_needs_little_and_a_registration_everything(town: Town) -> None:
    little = a_registration(siret=None, referent=None)
    refused = await town.desk.post(f"{DESK}/structures", little)
    assert refused.status_code == 422
    assert {e["field"] for e in refused.json()["errors"]} == {"siret", "referent"}

    prospect = await town.desk.post(f"{DESK}/structures", little | {"prospect": True})
    assert (prospect.status_code, prospect.json()["state"]) == (201, "prospect")
    path = f"{DESK}/structures/{prospect.json()['id']}"
    still_missing = await town.desk.post(f"{path}/request-registration", little, if_match=1)
    assert still_missing.status_code == 422
    requested = await town.desk.post(f"{path}/request-registration", a_registration(), if_match=1)
    assert (requested.status_code, requested.json()["state"]) == (200, "registration_requested")


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("siret", "73282932000075"),
        ("finess", "750712185"),
        ("department", "96"),
        ("department", "311"),
        ("kind", "banque"),
        ("name", "  "),
        ("name", "Centre\u202eevil"),
        ("phone", "0561"),
        ("state", "active"),
        ("nir_allowed", True),
    ],
)
async def test_what_is_wrong_is_refused_by_field_without_being_repeated(town: Town, field: str, wrong: Any) -> None:
    answer = await town.desk.post(f"{DESK}/structures", a_registration(**{field: wrong}))

    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"] == field
    assert str(wrong) not in error["message"]


async def test_siret_and_finess_are_kept_without_separators(town: Town) -> None:
    siret = a_siret()
    spaced = f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}"
    structure = await town.structure("registration_requested", siret=spaced, finess="31 078 140 6")

    seen = await structure.read()
    assert (seen["siret"], seen["finess"]) == (siret, "310781406")


@pytest.mark.parametrize("state", ["approved", "active", "suspended"])
async def test_the_same_siret_is_not_approved_twice(town: Town, elsewhere: Town, state: str) -> None:
    first = await town.structure(state)
    siret = (await first.read())["siret"]
    second = await town.structure("registration_requested", siret=siret)

    answer = await town.desk.post(f"{second.path}/approve", if_match=second.version)

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/duplicate-structure"
    assert answer.json()["twin"] == str(first.id)
    await elsewhere.structure("approved", siret=siret)


@pytest.mark.parametrize(
    ("name", "commune", "approved"),
    [
        ("ccas de MURET", "muret", 409),
        ("CCAS de Muret", "Seysses", 200),
        ("CCAS Muret", "Muret", 200),
    ],
)
async def test_the_same_name_in_the_same_commune_is_not_approved_twice(
    town: Town, name: str, commune: str, approved: int
) -> None:
    address = {"lines": "1 rue", "postcode": "31600"}
    await town.structure("approved", name="C.C.A.S. de Muret".replace(".", ""), address=address | {"commune": "Muret"})
    second = await town.structure(
        "registration_requested", name=name, address=address | {"commune": commune}, finess="310781406", siret=None
    )

    answer = await town.desk.post(f"{second.path}/approve", if_match=second.version)

    assert answer.status_code == approved


async def test_a_refused_or_closed_twin_is_no_obstacle(town: Town) -> None:
    siret = a_siret()
    await town.structure("closed", siret=siret)
    await town.structure("refused", siret=siret)
    await town.structure("approved", siret=siret)


async def test_a_correction_must_not_make_a_twin_either(town: Town) -> None:
    first, second = await town.structure("active"), await town.structure("active")
    siret = (await first.read())["siret"]

    twin = await town.desk.post(f"{second.path}/amend", a_registration(siret=siret), if_match=second.version)
    assert twin.status_code == 409

    fine = await town.desk.post(f"{second.path}/amend", a_registration(name="Nom corrigé"), if_match=second.version)
    assert fine.status_code == 200
    seen = await second.read()
    assert (seen["name"], seen["state"], seen["portal_opened_on"]) == ("Nom corrigé", "active", "2023-01-09")


@pytest.mark.parametrize(
    ("opened_on", "status"),
    [("2022-11-21", 422), ("2022-11-22", 200), ("2026-03-12", 200), ("2026-03-13", 422)],
)
async def test_the_portal_opens_between_its_launch_and_today(town: Town, opened_on: str, status: int) -> None:
    structure = await town.structure("approved")

    with clock.travel(datetime(2026, 3, 12, 9, tzinfo=UTC)):
        answer = await town.desk.post(
            f"{structure.path}/open-portal", {"opened_on": opened_on}, if_match=structure.version
        )

    assert answer.status_code == status
    if status == 422:
        assert answer.json()["rule"] == "ESP-04"
        assert answer.json()["errors"][0]["field"] == "opened_on"


async def test_today_is_the_day_where_the_caisse_is(under_test: ServiceUnderTest) -> None:
    reunion = await Town(under_test, "974").structure("approved", department="974")

    with clock.travel(datetime(2026, 3, 12, 21, 30, tzinfo=UTC)):  # 1:30 in the morning of the 13th there
        await reunion.act("open-portal", {})

    assert (await reunion.read())["portal_opened_on"] == "2026-03-13"


async def test_closing_ends_roles_and_invitations_and_says_so(under_test: ServiceUnderTest, town: Town) -> None:
    structure = await town.structure("active")
    member = await structure.member("partner_admin")
    invited = await structure.member(came=False)

    await structure.act("close")

    ended = {f["subject"]["account"] for f in await under_test.facts() if f["type"] == "assignment.ended"}
    assert ended == {str(member.id), str(invited.id)}
    assert (await structure.read())["people"] == []
    states = await under_test.rows("SELECT state FROM invitations ORDER BY id")
    assert [row["state"] for row in states] == ["accepted", "cancelled"]


async def test_the_list_is_filtered_and_paged_in_a_stable_order(town: Town, elsewhere: Town) -> None:
    await elsewhere.structure("active", name="Association Étoile")
    for name, state in (("Étoile du sud", "active"), ("CCAS", "approved"), ("Association étoile", "active")):
        await town.structure(state, name=name, kind="association")

    async def names(query: str) -> list[str]:
        answer = await town.desk.get(f"{DESK}/structures?{query}")
        assert answer.status_code == 200, answer.text
        return [item["name"] for item in answer.json()["items"]]

    assert await names("") == ["Association étoile", "CCAS", "Étoile du sud"]
    assert await names("q=ETOILE") == ["Association étoile", "Étoile du sud"]
    assert await names("q=%25") == await names("")
    assert await names("state=approved") == ["CCAS"]
    assert await names("kind=ccas") == []
    first = (await town.desk.get(f"{DESK}/structures?limit=2")).json()
    rest = (await town.desk.get(f"{DESK}/structures?limit=2&cursor={first['next_cursor']}")).json()
    assert [i["name"] for i in first["items"] + rest["items"]] == await names("")
    assert rest["next_cursor"] is None


async def test_only_the_desk_may_act_and_every_agent_may_read(under_test: ServiceUnderTest, town: Town) -> None:
    structure = await town.structure("approved")
    adviser = under_test.client_as(an_actor(Audience.AGENT, "conseiller_misas"))

    seen = (await adviser.get(structure.path)).json()
    assert (seen["possible"], seen["invites"]) == ([], False)
    assert (await structure.read())["possible"] == ["close", "open_portal"]
    assert (await adviser.post(f"{structure.path}/approve", if_match=2)).status_code == 403


async def test_the_officer_decides_about_the_nir(under_test: ServiceUnderTest, town: Town) -> None:
    structure = await town.structure("active", kind="esms")
    assert not (await structure.read())["nir_allowed"]
    path = f"{OFFICER}/structures/{structure.id}/nir"

    assert (await town.officer("admin").post(path, {"allowed": True}, if_match=3)).status_code == 403
    assert (await town.officer("dpo").post(path, {"allowed": True}, if_match=2)).status_code == 412
    assert (await town.officer("dpo").post(path, {"allowed": True}, if_match=3)).status_code == 200

    assert (await structure.read())["nir_allowed"]
    assert (await the_facts(under_test, structure))[-1] == ("structure.nir_rule_changed", {"nir_allowed": True})


async def test_the_officer_suspends_too(town: Town, elsewhere: Town) -> None:
    structure = await town.structure("active")
    path = f"{OFFICER}/structures/{structure.id}/suspend"

    assert (await elsewhere.officer("dpo").post(path, {"reason": "security"}, if_match=3)).status_code == 404
    assert (await town.officer("dpo").post(path, {"reason": "security"}, if_match=3)).json()["state"] == "suspended"
    listed = (await town.officer("dpo").get(f"{OFFICER}/structures?state=suspended&q=ccas")).json()["items"]
    assert [item["id"] for item in listed] == [str(structure.id)]


async def test_a_caisse_s_own_parameter_decides(under_test: ServiceUnderTest, town: Town) -> None:
    await under_test.rows(
        "INSERT INTO parameters VALUES ('311', 'nir_allowed_kinds', '2020-01-01', '[\"esms\"]', 'dpo', 'd. 2019-341')"
    )

    assert (await (await town.structure("approved", kind="esms")).read())["nir_allowed"]
    assert not (await (await town.structure("approved", kind="ccas")).read())["nir_allowed"]


async def test_reading_is_journalled_with_who_is_shown(under_test: ServiceUnderTest, town: Town) -> None:
    structure = await town.structure("active")
    member = await structure.member()
    await under_test.rows("SET session_replication_role = replica")
    await under_test.rows("DELETE FROM journal")
    await under_test.rows("RESET session_replication_role")

    await structure.read()

    [entry] = await under_test.rows("SELECT kind, action, resource, resource_ids, subjects FROM journal")
    assert entry == {
        "kind": "read",
        "action": "read_structure",
        "resource": "structure",
        "resource_ids": [structure.id],
        "subjects": [member.id],
    }
