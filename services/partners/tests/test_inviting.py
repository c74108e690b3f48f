"""Inviting: one account a person, the same answer whatever the address, audiences never mixed."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from servicekit import clock
from servicekit.access import Audience
from servicekit.handover import HANDOVER
from servicekit.testing import ServiceUnderTest, a_service, an_actor

from .situations import DESK, PARTNER, Member, Town, a_person, a_staff_member


async def facts_of(service: ServiceUnderTest, account: UUID | str) -> list[str]:
    """Return the types of what was announced of an account."""
    return [f["type"] for f in await service.facts() if f["subject"].get("account") == str(account)]


async def handed_over(service: ServiceUnderTest, invitation: UUID | str) -> tuple[int, Any]:
    """Read an invitation as the gateway does."""
    answer = await service.client_as(a_service("gateway")).get(f"/internal/handovers/{invitation}")
    return answer.status_code, answer.json()


async def test_an_invitation_opens_an_account_tells_it_and_hands_its_address_to_the_gateway_alone(
    under_test: ServiceUnderTest, town: Town
) -> None:
    structure = await town.structure()
    before = len(await under_test.facts())
    member = await structure.member("partner_admin", came=False, email="Camille.Roux@CCAS.example")

    invited, granted = (await under_test.facts())[before:]
    assert invited["type"] == "account.invited"
    assert invited["caisse"] == "311"
    assert invited["subject"] == {"account": str(member.id), "invitation": str(member.invitation)}
    assert set(invited["payload"]) == {"audience", "expires_at"}
    assert granted["type"] == "assignment.granted"
    assert granted["subject"]["structure"] == str(structure.id)
    assert granted["payload"] | {"from_on": ""} == {
        "role": "partner_admin",
        "audience": "partner",
        "unit": None,
        "from_on": "",
        "until_on": None,
    }
    status, content = await handed_over(under_test, member.invitation)
    assert status == 200
    assert (content["email"], content["account_id"]) == ("Camille.Roux@CCAS.example", str(member.id))
    assert content["expires_at"].startswith(invited["payload"]["expires_at"][:19])
    stranger = under_test.client_as(a_service("referrals"))
    answer = await stranger.get(f"/internal/handovers/{member.invitation}", purpose=HANDOVER)
    assert answer.status_code == 403


async def test_the_first_acceptance_of_the_charter_opens_the_account_and_uses_up_the_invitation(
    under_test: ServiceUnderTest, town: Town
) -> None:
    member = await (await town.structure()).member(came=False)
    assert (await member.row())["state"] == "invited"
    me = (await member.client.get(f"{PARTNER}/me")).json()
    assert me["charter"] == {
        "version": "2026-1",
        "accepted_version": None,
        "accepted_at": None,
        "accepted": False,
    }

    await member.accept_charter()

    me = (await member.client.get(f"{PARTNER}/me")).json()
    assert (me["state"], me["charter"]["accepted"], me["caisse_name"]) == ("active", True, "CPAM de la Haute-Garonne")
    assert (await handed_over(under_test, member.invitation))[0] == 404
    assert await facts_of(under_test, member.id) == ["account.invited", "assignment.granted", "account.activated"]
    stale = await member.client.post(f"{PARTNER}/me/charter", {"version": "2020-1"})
    assert stale.status_code == 422


async def test_an_invitation_is_good_for_its_hours_and_the_next_one_replaces_it(
    under_test: ServiceUnderTest, town: Town
) -> None:
    structure = await town.structure()
    person = a_person(roles=["partner_user"])
    first = (await town.desk.post(f"{structure.path}/invitations", person)).json()["id"]
    second = (await town.desk.post(f"{structure.path}/invitations", person)).json()["id"]

    assert (await handed_over(under_test, first))[0] == 404
    status, content = await handed_over(under_test, second)
    assert status == 200
    expires_at = datetime.fromisoformat(content["expires_at"])
    assert abs((expires_at - clock.now()).total_seconds() - 72 * 3600) < 60
    with clock.travel(expires_at):
        assert (await handed_over(under_test, second))[0] == 404
    assert len((await structure.read())["people"]) == 1


async def invited_by(admin: Member, person: dict[str, Any]) -> dict[str, Any]:
    """Invite as a structure's administrator and return the answer, its id apart."""
    answer = await admin.client.post(f"{PARTNER}/invitations", person)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    UUID(body.pop("id"))
    return body


async def colleague(admin: Member, email: str) -> dict[str, Any]:
    """Read one colleague as the administrator sees it, what tells one person from another apart."""
    items = (await admin.client.get(f"{PARTNER}/colleagues")).json()["items"]
    [found] = [dict(item) for item in items if item["email"] == email]
    roles = [{k: v for k, v in role.items() if k != "id"} for role in found.pop("roles")]
    return {k: v for k, v in found.items() if k not in {"id", "email", "invitation_expires_at"}} | {"roles": roles}


async def test_a_structure_cannot_learn_that_an_address_has_an_account_elsewhere(
    under_test: ServiceUnderTest, town: Town, elsewhere: Town
) -> None:
    admin = await (await town.structure()).member("partner_admin")
    taken = [
        (await (await elsewhere.structure()).member()).email,
        (await (await town.structure()).member()).email,
        "agent@cpam.example",
    ]
    await a_staff_member(town, email="agent@cpam.example")
    names = {"first_name": "Lou", "last_name": "Test", "job_title": "x", "roles": ["partner_user"]}
    facts = len(await under_test.facts())

    free = await invited_by(admin, names | {"email": "libre@structure.example"})
    announced = (await under_test.facts())[facts:]
    for email in taken:
        assert await invited_by(admin, names | {"email": email}) == free
        assert await colleague(admin, email) == await colleague(admin, "libre@structure.example")

    assert [f["type"] for f in announced] == ["account.invited", "assignment.granted"]
    assert (await under_test.facts())[facts:] == announced, "an address elsewhere was announced"
    people = {p["email"]: p for p in (await admin.structure.read())["people"]}
    assert [people[email]["withheld"] for email in taken] == [True, True, True]
    invitations = await under_test.rows(
        "SELECT i.id FROM invitations i JOIN accounts a ON a.id = i.account_id WHERE a.withheld"
    )
    assert len(invitations) == 3
    for row in invitations:
        assert (await handed_over(under_test, row["id"]))[0] == 404


async def test_what_was_withheld_behaves_like_any_invited_person(under_test: ServiceUnderTest, town: Town) -> None:
    admin = await (await town.structure()).member("partner_admin")
    other = await (await town.structure()).member()
    await invited_by(admin, a_person(email=other.email, roles=["partner_user"]))
    again = await invited_by(admin, a_person(email=other.email, roles=["partner_user"]))
    assert again == {"version": 1, "state": "pending"}
    facts = await under_test.facts()
    row = await admin.structure.person(other.email)

    for act, body in (("suspend", {"reason": "misuse"}), ("reactivate", None)):
        answer = await admin.client.post(
            f"{PARTNER}/colleagues/{row['account_id']}/{act}", body, if_match=row["version"]
        )
        assert answer.status_code == 200
        row["version"] = answer.json()["version"]
    assert answer.json()["state"] == "invited"
    path = f"{PARTNER}/assignments/{row['assignment_id']}/end"
    assert (await admin.client.post(path, if_match=row["assignment_version"])).status_code == 200
    assert await under_test.facts() == facts
    assert (await other.client.get(f"{PARTNER}/me")).json()["state"] == "active"


async def test_the_desk_gives_the_role_to_the_account_that_exists_and_closes_the_withheld_one(
    under_test: ServiceUnderTest, town: Town, elsewhere: Town
) -> None:
    structure = await town.structure()
    admin = await structure.member("partner_admin")
    guest = await (await elsewhere.structure()).member(first_name="Anne", last_name="Le Goff")
    await invited_by(admin, a_person(email=guest.email, roles=["partner_user"]))
    facts = len(await under_test.facts())

    answer = await town.desk.post(f"{structure.path}/invitations", a_person(email=guest.email, roles=["partner_user"]))
    assert answer.status_code == 201

    [granted] = (await under_test.facts())[facts:]
    assert (granted["type"], granted["caisse"], granted["subject"]["account"]) == (
        "assignment.granted",
        "311",
        str(guest.id),
    )
    row = await structure.person(guest.email)
    assert (row["account_id"], row["withheld"], row["own"]) == (str(guest.id), False, False)
    assert (row["first_name"], row["last_name"]) == ("Anne", "Le Goff")
    twin = await under_test.rows("SELECT state FROM accounts WHERE email = %s AND withheld", guest.email)
    assert twin == [{"state": "closed"}]
    here = under_test.client_as(
        an_actor(Audience.PARTNER, "partner_user", sub=str(guest.id), caisse="311", structure=structure.id)
    )
    assert (await here.get(f"{PARTNER}/structure")).status_code == 200
    assert (await here.get(f"{PARTNER}/me")).json()["first_name"] == "Anne"
    twice = await town.desk.post(f"{structure.path}/invitations", a_person(email=guest.email, roles=["partner_user"]))
    assert twice.json()["type"] == "/problems/already-there"


async def test_an_address_that_became_free_is_invited_for_good(
    under_test: ServiceUnderTest, town: Town, elsewhere: Town
) -> None:
    admin = await (await town.structure()).member("partner_admin")
    other = await (await elsewhere.structure()).member()
    person = a_person(email=other.email, roles=["partner_user"])
    await invited_by(admin, person)
    await under_test.rows("UPDATE accounts SET state = 'closed' WHERE id = %s", other.id)
    before = len(await under_test.facts())

    await invited_by(admin, person)

    row = await admin.structure.person(other.email)
    assert not row["withheld"]
    told = (await under_test.facts())[before:]
    assert [(f["type"], f["subject"]["account"]) for f in told] == [
        ("account.invited", row["account_id"]),
        ("assignment.granted", row["account_id"]),
    ]
    assert (await handed_over(under_test, told[0]["subject"]["invitation"]))[0] == 200


async def test_an_invited_person_given_a_second_structure_can_still_be_invited_again_by_the_first(
    under_test: ServiceUnderTest, town: Town
) -> None:
    first, second = await town.structure(), await town.structure()
    admin = await first.member("partner_admin")
    invited = await first.member(came=False)
    by_desk = await town.desk.post(f"{second.path}/invitations", a_person(email=invited.email, roles=["partner_user"]))
    assert by_desk.status_code == 201
    assert (await handed_over(under_test, by_desk.json()["id"]))[0] == 200

    await invited_by(admin, a_person(email=invited.email, roles=["partner_user"]))

    assert (await handed_over(under_test, by_desk.json()["id"]))[0] == 404
    pending = await under_test.rows("SELECT structure_id FROM invitations WHERE state = 'pending'")
    assert pending == [{"structure_id": first.id}]


async def test_only_who_answers_for_a_guest_suspends_it_the_others_end_the_role(
    under_test: ServiceUnderTest, town: Town, elsewhere: Town
) -> None:
    structure = await town.structure()
    admin = await structure.member("partner_admin")
    guest = await (await elsewhere.structure()).member()
    await town.desk.post(f"{structure.path}/invitations", a_person(email=guest.email, roles=["partner_user"]))
    row = await structure.person(guest.email)

    by_admin = await admin.client.post(
        f"{PARTNER}/colleagues/{guest.id}/suspend", {"reason": "misuse"}, if_match=row["version"]
    )
    by_desk = await town.desk.post(f"{DESK}/accounts/{guest.id}/suspend", {"reason": "misuse"}, if_match=row["version"])
    assert [r.json()["type"] for r in (by_admin, by_desk)] == ["/problems/answered-elsewhere"] * 2
    removed = await admin.client.post(
        f"{PARTNER}/assignments/{row['assignment_id']}/end", if_match=row["assignment_version"]
    )
    assert removed.status_code == 200
    assert (await facts_of(under_test, guest.id))[-1] == "assignment.ended"
    assert (await guest.client.get(f"{PARTNER}/me")).json()["state"] == "active"


async def test_a_guest_accepts_the_charter_where_the_session_is_open(
    under_test: ServiceUnderTest, town: Town, elsewhere: Town
) -> None:
    """Its account belongs to another caisse, whose rows this caisse's scope cannot write."""
    structure = await town.structure()
    guest = await (await elsewhere.structure()).member(came=False)
    await town.desk.post(f"{structure.path}/invitations", a_person(email=guest.email, roles=["partner_user"]))
    here = Member(
        structure,
        an_actor(Audience.PARTNER, "partner_user", sub=str(guest.id), structure=structure.id),
        "",
        guest.invitation,
    )

    await here.accept_charter()

    assert (await guest.row())["state"] == "active"
    assert (await handed_over(under_test, guest.invitation))[0] == 404


async def test_a_removed_colleague_comes_back_to_the_same_account(under_test: ServiceUnderTest, town: Town) -> None:
    structure = await town.structure()
    admin = await structure.member("partner_admin")
    member = await structure.member()
    row = await member.row()
    path = f"{PARTNER}/assignments/{row['assignment_id']}/end"
    assert (await admin.client.post(path, if_match=row["assignment_version"])).status_code == 200
    assert (await member.client.get(f"{PARTNER}/colleagues")).status_code == 200

    await invited_by(admin, a_person(email=member.email.upper(), roles=["partner_admin"]))

    back = await member.row()
    assert (back["account_id"], back["role"], back["state"]) == (str(member.id), "partner_admin", "active")


async def test_the_structure_s_maximum_holds_even_when_two_invite_at_once(town: Town) -> None:
    structure = await town.structure("active", max_accounts=3)
    admin = await structure.member("partner_admin")
    await structure.member()

    answers = await asyncio.gather(
        *(admin.client.post(f"{PARTNER}/invitations", a_person(roles=["partner_user"])) for _ in range(4))
    )

    assert sorted(a.status_code for a in answers) == [201, 409, 409, 409]
    full = next(a.json() for a in answers if a.status_code == 409)
    assert (full["type"], full["maximum"]) == ("/problems/accounts-full", 3)
    seen = (await admin.client.get(f"{PARTNER}/structure")).json()
    assert (seen["open_accounts"], seen["max_accounts"]) == (3, 3)


async def test_one_address_invited_by_two_caisses_at_once_opens_one_account(
    under_test: ServiceUnderTest, town: Town, elsewhere: Town
) -> None:
    one, other = await town.structure(), await elsewhere.structure()
    person = a_person(roles=["partner_user"], email="double@structure.example")

    answers = await asyncio.gather(
        town.desk.post(f"{one.path}/invitations", person),
        elsewhere.desk.post(f"{other.path}/invitations", person),
    )

    assert [a.status_code for a in answers] == [201, 201]
    accounts = await under_test.rows("SELECT id FROM accounts WHERE email = 'double@structure.example'")
    assert len(accounts) == 1
    roles = await under_test.rows("SELECT caisse FROM assignments WHERE account_id = %s", accounts[0]["id"])
    assert {r["caisse"] for r in roles} == {"311", "291"}


@pytest.mark.parametrize("state", ["registration_requested", "suspended", "closed", "refused"])
async def test_nobody_is_invited_into_a_structure_out_of_service(town: Town, state: str) -> None:
    structure = await town.structure(state)

    answer = await town.desk.post(f"{structure.path}/invitations", a_person(roles=["partner_admin"]))

    assert answer.status_code == 409
