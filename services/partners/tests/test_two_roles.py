"""Two roles in one structure, held by one person: given, listed and taken back one by one."""

from typing import Any

import pytest

from servicekit.access import Audience
from servicekit.testing import ServiceUnderTest, an_actor

from .situations import DESK, PARTNER, Town, a_person
from .test_inviting import handed_over, invited_by

BOTH = ["partner_admin", "partner_user"]


def roles_in(row: dict[str, Any]) -> list[str]:
    """Return the roles somebody of a structure holds, in the order they were given."""
    return [held["role"] for held in row["roles"]]


async def test_the_only_person_of_a_small_association_administers_it_and_refers(
    under_test: ServiceUnderTest, town: Town
) -> None:
    structure = await town.structure("active", max_accounts=1)
    proposed = (await structure.read())["proposed_roles"]
    assert proposed == BOTH
    facts = len(await under_test.facts())

    alone = await structure.member(*proposed)

    assert [f["type"] for f in (await under_test.facts())[facts:]] == [
        "account.invited",
        "assignment.granted",
        "assignment.granted",
        "account.activated",
    ]
    [colleague_row] = (await alone.client.get(f"{PARTNER}/colleagues")).json()["items"]
    assert roles_in(colleague_row) == BOTH
    as_user = an_actor(Audience.PARTNER, "partner_user", sub=str(alone.id), caisse="311", structure=structure.id)
    assert (await under_test.client_as(as_user).get(f"{PARTNER}/me")).json()["role"] == "partner_user"
    seen = await structure.read()
    assert (len(seen["people"]), seen["proposed_roles"]) == (1, ["partner_user"])


@pytest.mark.parametrize("by_desk", [True, False])
async def test_inviting_somebody_with_a_role_not_held_yet_gives_it(
    under_test: ServiceUnderTest, town: Town, by_desk: bool
) -> None:
    structure = await town.structure("active", max_accounts=2)
    admin, member = await structure.member("partner_admin"), await structure.member()
    client, path = (town.desk, f"{structure.path}/invitations") if by_desk else (admin.client, f"{PARTNER}/invitations")
    facts = len(await under_test.facts())

    given = await client.post(path, a_person(email=member.email, roles=BOTH))

    assert given.status_code == 201, given.text
    [granted] = (await under_test.facts())[facts:]
    assert (granted["type"], granted["payload"]["role"]) == ("assignment.granted", "partner_admin")
    assert roles_in(await member.row()) == ["partner_user", "partner_admin"]
    again = await client.post(path, a_person(email=member.email, roles=["partner_admin"]))
    assert again.json()["type"] == "/problems/already-there"


async def test_an_awaited_person_given_a_second_role_is_invited_once_more_to_both(
    under_test: ServiceUnderTest, town: Town
) -> None:
    structure = await town.structure()
    member = await structure.member(came=False)

    sent = await town.desk.post(f"{structure.path}/invitations", a_person(email=member.email, roles=BOTH))

    assert (await handed_over(under_test, member.invitation))[0] == 404
    assert (await handed_over(under_test, sent.json()["id"]))[0] == 200
    assert sorted(roles_in(await member.row())) == BOTH


async def test_what_was_withheld_takes_two_roles_and_goes_with_the_last(
    under_test: ServiceUnderTest, town: Town
) -> None:
    structure = await town.structure()
    admin = await structure.member("partner_admin")
    other = await (await town.structure()).member()
    facts = await under_test.facts()
    await invited_by(admin, a_person(email=other.email, roles=["partner_user"]))
    await invited_by(admin, a_person(email=other.email, roles=BOTH))
    row = await structure.person(other.email)
    assert sorted(roles_in(row)) == BOTH

    for role, left in zip(row["roles"], (["partner_admin"], None), strict=True):
        path = f"{PARTNER}/assignments/{role['id']}/end"
        assert (await admin.client.post(path, if_match=role["version"])).status_code == 200
        people = {p["email"]: roles_in(p) for p in (await structure.read())["people"]}
        assert people.get(other.email) == left
    assert await under_test.facts() == facts

    await invited_by(admin, a_person(email=other.email, roles=BOTH))
    taken = await town.desk.post(f"{structure.path}/invitations", a_person(email=other.email, roles=BOTH))
    assert taken.status_code == 201, taken.text
    row = await structure.person(other.email)
    assert (row["account_id"], row["withheld"], roles_in(row)) == (str(other.id), False, BOTH)


async def test_an_awaited_person_keeps_the_invitation_until_the_last_role_is_taken_back(
    under_test: ServiceUnderTest, town: Town
) -> None:
    structure = await town.structure()
    member = await structure.member(*BOTH, came=False)
    for role, status in zip((await member.row())["roles"], (200, 404), strict=True):
        ended = await town.desk.post(f"{DESK}/assignments/{role['id']}/end", if_match=role["version"])
        assert ended.status_code == 200
        assert (await handed_over(under_test, member.invitation))[0] == status


async def test_the_last_administrator_may_stop_referring_but_not_administering(town: Town) -> None:
    structure = await town.structure()
    alone = await structure.member(*BOTH)
    administers, refers = (await alone.row())["roles"]
    path = f"{PARTNER}/assignments"

    swapped = await alone.client.post(
        f"{path}/{administers['id']}/change-role", {"role": "partner_user"}, if_match=administers["version"]
    )
    assert (swapped.status_code, swapped.json()["type"]) == (409, "/problems/conflict")
    kept = await alone.client.post(f"{path}/{administers['id']}/end", if_match=administers["version"])
    assert kept.json()["type"] == "/problems/last-administrator"
    row = await alone.row()
    suspended = await alone.client.post(
        f"{PARTNER}/colleagues/{alone.id}/suspend", {"reason": "absence"}, if_match=row["version"]
    )
    assert suspended.json()["type"] == "/problems/last-administrator"
    ended = await alone.client.post(f"{path}/{refers['id']}/end", if_match=refers["version"])
    assert ended.status_code == 200
    assert roles_in(await alone.row()) == ["partner_admin"]


@pytest.mark.parametrize("roles", [[], ["conseiller_misas"], None, ["partner_user"] * 3])
async def test_an_invitation_names_the_roles_of_a_partner(town: Town, roles: Any) -> None:
    structure = await town.structure()

    answer = await town.desk.post(f"{structure.path}/invitations", a_person(roles=roles))

    assert answer.status_code == 422
