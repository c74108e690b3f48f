"""Holding a role: who gives it, where it makes sense, who must keep one, and how it ends."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from servicekit import clock
from servicekit.access import Audience
from servicekit.testing import ServiceUnderTest, an_actor

from .situations import DESK, OFFICER, PARTNER, Member, Structure, Town, a_person, a_staff_member
from .test_inviting import facts_of


async def protected(admin: Member, structure: Structure) -> list[int]:
    """Try every way to take away an administrator; return the answers."""
    row = await structure.person(admin.email)
    assignment = f"{PARTNER}/assignments/{row['assignment_id']}"
    return [
        (
            await admin.client.post(
                f"{PARTNER}/colleagues/{admin.id}/suspend", {"reason": "absence"}, if_match=row["version"]
            )
        ).status_code,
        (await admin.client.post(f"{assignment}/end", if_match=row["assignment_version"])).status_code,
        (
            await admin.client.post(
                f"{assignment}/change-role", {"role": "partner_user"}, if_match=row["assignment_version"]
            )
        ).status_code,
    ]


async def test_a_structure_keeps_an_administrator_who_has_come(town: Town) -> None:
    structure = await town.structure()
    admin = await structure.member("partner_admin")
    assert await protected(admin, structure) == [409, 409, 409]

    await structure.member("partner_admin", came=False)
    assert await protected(admin, structure) == [409, 409, 409]

    second = await structure.member("partner_admin")
    row = await structure.person(admin.email)
    path = f"{PARTNER}/assignments/{row['assignment_id']}/change-role"
    stepped_down = await admin.client.post(path, {"role": "partner_user"}, if_match=row["assignment_version"])
    assert (stepped_down.status_code, stepped_down.json()["state"]) == (200, "partner_user")
    assert await protected(second, structure) == [409, 409, 409]


async def test_two_administrators_cannot_suspend_each_other_at_once(town: Town) -> None:
    structure = await town.structure()
    one, other = await structure.member("partner_admin"), await structure.member("partner_admin")
    rows = [await structure.person(m.email) for m in (one, other)]

    answers = await asyncio.gather(
        *(
            by.client.post(
                f"{PARTNER}/colleagues/{row['account_id']}/suspend", {"reason": "misuse"}, if_match=row["version"]
            )
            for by, row in ((one, rows[1]), (other, rows[0]))
        )
    )

    assert sorted(a.status_code for a in answers) == [200, 409]


async def test_the_desk_may_suspend_even_the_last_administrator(town: Town) -> None:
    admin = await (await town.structure()).member("partner_admin")
    row = await admin.row()

    answer = await town.desk.post(
        f"{DESK}/accounts/{admin.id}/suspend", {"reason": "security"}, if_match=row["version"]
    )

    assert answer.json()["state"] == "suspended"


async def test_a_suspended_person_who_never_came_is_awaited_again(town: Town) -> None:
    structure = await town.structure()
    admin = await structure.member("partner_admin")
    invited = await structure.member(came=False)
    path = f"{PARTNER}/colleagues/{invited.id}"
    await admin.client.post(f"{path}/suspend", {"reason": "absence"}, if_match=1)

    again = await admin.client.post(f"{PARTNER}/invitations", a_person(email=invited.email, roles=["partner_user"]))
    assert again.status_code == 409
    lifted = await admin.client.post(f"{path}/reactivate", if_match=2)

    assert lifted.json()["state"] == "invited"
    assert (await invited.client.post(f"{PARTNER}/me/charter", {"version": "2026-1"})).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"role": "partner_user"}, "role"),
        ({"role": "application_interne"}, "role"),
        ({"role": "conseiller_misas", "unit": None}, "unit"),
        ({"role": "conseiller_misas", "unit": "ass"}, "unit"),
        ({"role": "conseiller_misas", "unit": "ss_31"}, "unit"),
        ({"role": "dpo", "unit": "cas"}, "unit"),
        ({"role": "accueil", "from_on": "2026-03-12", "until_on": "2026-03-11"}, "until_on"),
    ],
)
async def test_a_role_is_held_where_it_makes_sense(town: Town, wrong: dict[str, Any], field: str) -> None:
    answer = await town.officer().post(f"{OFFICER}/accounts", a_person(**wrong))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


async def test_a_social_worker_acts_under_the_regional_service(under_test: ServiceUnderTest) -> None:
    region = Town(under_test, "CARSAT_MIDI_PYRENEES")
    worker = await a_staff_member(region, "assistant_social", "ss_31")

    me = (await worker.get(f"{DESK}/me")).json()
    assert (me["caisse_name"], me["role"]) == ("Carsat Midi-Pyrénées", "assistant_social")
    units = (await worker.get(f"{DESK}/units")).json()
    assert {u["code"] for u in units} == {f"ss_{d}" for d in ("09", "12", "31", "32", "46", "65", "81", "82")}


async def test_audiences_never_mix_in_an_account(under_test: ServiceUnderTest, town: Town) -> None:
    agent = await a_staff_member(town, email="agent@cpam.example")
    assert agent.actor is not None
    path = f"{OFFICER}/accounts/{agent.actor.sub}/assignments"

    refused = await town.officer().post(path, {"role": "dpo"})
    assert refused.status_code == 422
    invited = await town.officer().post(f"{OFFICER}/accounts", a_person(email="agent@cpam.example", role="dpo"))
    assert invited.status_code == 201
    held = await under_test.rows(
        "SELECT a.audience, a.withheld FROM accounts a WHERE a.email = 'agent@cpam.example' ORDER BY a.id"
    )
    assert held == [{"audience": "agent", "withheld": False}, {"audience": "officer", "withheld": True}]


async def test_nobody_gives_themselves_a_role(town: Town) -> None:
    invited = await a_staff_member(town, "admin", None, email="admin@cpam.example", came=False)
    assert invited.actor is not None
    proved_at = int(clock.system_now().timestamp())
    admin = town.service.client_as(replace(invited.actor, stepup_at=proved_at))
    refused = await admin.post(f"{OFFICER}/accounts/{invited.actor.sub}/assignments", {"role": "dpo"})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/own-role")


async def test_an_agent_of_two_caisses_has_one_account(
    under_test: ServiceUnderTest, town: Town, elsewhere: Town
) -> None:
    agent = await a_staff_member(town, email="partage@cpam.example", last_name="Durand")
    assert agent.actor is not None
    answer = await elsewhere.officer().post(
        f"{OFFICER}/accounts", a_person(email="Partage@cpam.example", role="conseiller_misas", unit="misas")
    )
    assert answer.status_code == 201

    [row] = (await elsewhere.officer().get(f"{OFFICER}/accounts")).json()["items"]
    assert (row["id"], row["last_name"], row["own"]) == (agent.actor.sub, "Durand", False)
    suspended = await elsewhere.officer().post(
        f"{OFFICER}/accounts/{row['id']}/suspend", {"reason": "misuse"}, if_match=row["version"]
    )
    assert suspended.json()["type"] == "/problems/answered-elsewhere"
    there = under_test.client_as(an_actor(Audience.AGENT, "conseiller_misas", sub=row["id"], caisse="291"))
    assert (await there.get(f"{DESK}/me")).json()["caisse"] == "291"


async def test_a_body_keeps_an_administrator(town: Town) -> None:
    admin = await a_staff_member(town, "admin", None)
    assert admin.actor is not None
    path = f"{OFFICER}/accounts/{admin.actor.sub}/suspend"

    alone = await admin.post(path, {"reason": "absence"}, if_match=2)
    assert alone.json()["type"] == "/problems/last-administrator"
    other = await a_staff_member(town, "referent_si", None)
    assert other.actor is not None
    lapse = "UPDATE assignments SET from_on = '2026-01-01', until_on = %s WHERE account_id = %s"
    await town.service.rows(lapse, "2026-01-31", other.actor.sub)
    lapsed = await admin.post(path, {"reason": "absence"}, if_match=2)
    assert lapsed.json()["type"] == "/problems/last-administrator"
    await town.service.rows(lapse, None, other.actor.sub)
    assert (await admin.post(path, {"reason": "absence"}, if_match=2)).status_code == 200


async def test_a_closed_account_ends_its_roles_and_frees_its_address(under_test: ServiceUnderTest, town: Town) -> None:
    structure = await town.structure()
    member = await structure.member()
    row = await member.row()

    closed = await town.desk.post(f"{DESK}/accounts/{member.id}/close", if_match=row["version"])

    assert closed.json()["state"] == "closed"
    assert (await facts_of(under_test, member.id))[-2:] == ["assignment.ended", "account.closed"]
    again = await structure.member(email=member.email)
    assert again.id != member.id
    assert (await under_test.facts())[-1]["type"] == "account.activated"
