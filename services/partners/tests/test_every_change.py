"""What holds for every change: nobody, another tenant, another role, a stale version, a retry."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from servicekit.access import Actor, Audience
from servicekit.testing import ServiceUnderTest, an_actor, of_frames, service_routes

from .situations import CHARTER, DESK, OFFICER, PARTNER, Town, a_person, a_registration, a_staff_member


@dataclass
class Change:
    """One change ready to be made: by whom, where, with what; `unfit` may not, `outside` sees nothing there."""

    by: Actor
    path: str
    body: Any
    version: int | None
    unfit: str | None
    outside: Actor | None
    status: int = 200


Prepare = Callable[[Town], Awaitable[Change]]
ADVISER = "conseiller_misas"


def other_town(actor: Actor) -> Actor:
    """Return somebody of the same role in another caisse."""
    return an_actor(actor.audience, actor.role, caisse="291", unit=actor.unit, stepup_at=actor.stepup_at)


def of_structure(act: str, state: str, body: Any = None) -> Prepare:
    """An act of the desk on a structure in a state."""

    async def prepare(town: Town) -> Change:
        structure = await town.structure(state)
        desk = town.desk.actor
        assert desk is not None
        return Change(desk, f"{structure.path}/{act}", body, structure.version, ADVISER, other_town(desk))

    return prepare


async def register(town: Town) -> Change:
    """Registering has no row to see yet, so nobody is outside."""
    desk = town.desk.actor
    assert desk is not None
    return Change(desk, f"{DESK}/structures", a_registration(), None, ADVISER, None, 201)


async def request_registration(town: Town) -> Change:
    prospect = a_registration(siret=None, referent=None) | {"prospect": True}
    answer = await town.desk.post(f"{DESK}/structures", prospect)
    desk = town.desk.actor
    assert desk is not None
    path = f"{DESK}/structures/{answer.json()['id']}/request-registration"
    return Change(desk, path, a_registration(), 1, ADVISER, other_town(desk))


async def invite_partner(town: Town) -> Change:
    structure = await town.structure("approved")
    desk = town.desk.actor
    assert desk is not None
    body = a_person(roles=["partner_admin"])
    return Change(desk, f"{structure.path}/invitations", body, None, ADVISER, other_town(desk), 201)


async def add_training(town: Town) -> Change:
    structure = await town.structure()
    desk = town.desk.actor
    assert desk is not None
    body = {"kind": "lup", "on": "2025-03-12", "attended": True}
    return Change(desk, f"{structure.path}/trainings", body, None, ADVISER, other_town(desk), 201)


def of_training(act: str, body: Any = None) -> Prepare:
    async def prepare(town: Town) -> Change:
        structure = await town.structure()
        planned = {"kind": "lup", "on": "2025-03-12"}
        answer = await town.desk.post(f"{structure.path}/trainings", planned)
        desk = town.desk.actor
        assert desk is not None
        path = f"{DESK}/trainings/{answer.json()[0]['id']}/{act}"
        return Change(desk, path, body, 1, ADVISER, other_town(desk))

    return prepare


async def end_right(town: Town) -> Change:
    structure = await town.structure()
    training = {"kind": "lup", "on": "2026-03-12", "attended": True}
    assert (await town.desk.post(f"{structure.path}/trainings", training)).status_code == 201
    desk = town.desk.actor
    assert desk is not None
    [right] = (await structure.read())["rights"]
    return Change(desk, f"{DESK}/rights/{right['id']}/end", None, 1, ADVISER, other_town(desk))


def of_partner(act: str, body: Any = None, *, suspended: bool = False, by_desk: bool = False) -> Prepare:
    """An act on the account or the role of a member."""

    async def prepare(town: Town) -> Change:
        structure = await town.structure()
        admin = await structure.member("partner_admin")
        member = await structure.member()
        row = await member.row()
        if suspended:
            path = f"{DESK}/accounts/{member.id}/suspend"
            assert (await town.desk.post(path, {"reason": "misuse"}, if_match=row["version"])).status_code == 200
            row = await member.row()
        by = town.desk.actor if by_desk else admin.actor
        assert by is not None
        root = DESK if by_desk else PARTNER
        outside = other_town(by)
        if not by_desk:
            outside = (await (await town.structure()).member("partner_admin")).actor
        unfit = ADVISER if by_desk else "partner_user"
        if act in {"end", "change-role"}:
            path = f"{root}/assignments/{row['assignment_id']}/{act}"
            return Change(by, path, body, row["assignment_version"], unfit, outside)
        path = f"{root}/{'accounts' if by_desk else 'colleagues'}/{member.id}/{act}"
        return Change(by, path, body, row["version"], unfit, outside)

    return prepare


async def invite_colleague(town: Town) -> Change:
    admin = await (await town.structure()).member("partner_admin")
    return Change(
        admin.actor, f"{PARTNER}/invitations", a_person(roles=["partner_user"]), None, "partner_user", None, 201
    )


async def invite_staff(town: Town) -> Change:
    admin = town.officer().actor
    assert admin is not None
    body = a_person(role="conseiller_misas", unit="misas")
    return Change(admin, f"{OFFICER}/accounts", body, None, "dpo", None, 201)


def of_staff(act: str, body: Any = None, *, suspended: bool = False) -> Prepare:
    async def prepare(town: Town) -> Change:
        adviser = (await a_staff_member(town)).actor
        admin = town.officer()
        assert adviser is not None
        assert admin.actor is not None
        if suspended:
            path = f"{OFFICER}/accounts/{adviser.sub}/suspend"
            assert (await admin.post(path, {"reason": "absence"}, if_match=2)).status_code == 200
        [row] = [a for a in (await admin.get(f"{OFFICER}/accounts")).json()["items"] if a["id"] == adviser.sub]
        outside = other_town(admin.actor)
        if act == "end":
            role = row["assignments"][0]
            path = f"{OFFICER}/assignments/{role['id']}/end"
            return Change(admin.actor, path, body, role["version"], "dpo", outside)
        path = f"{OFFICER}/accounts/{adviser.sub}/{act}"
        if act == "assignments":
            return Change(admin.actor, path, body, None, "dpo", outside, 201)
        return Change(admin.actor, path, body, row["version"], "dpo", outside)

    return prepare


def of_officer(act: str, body: Any) -> Prepare:
    async def prepare(town: Town) -> Change:
        structure = await town.structure()
        dpo = town.officer("dpo").actor
        assert dpo is not None
        path = f"{OFFICER}/structures/{structure.id}/{act}"
        return Change(dpo, path, body, structure.version, "admin", other_town(dpo))

    return prepare


def charter(audience: Audience, role: str, unit: str | None) -> Prepare:
    async def prepare(town: Town) -> Change:
        if audience is Audience.PARTNER:
            by = (await (await town.structure()).member(came=False)).actor
        else:
            staff = (await a_staff_member(town, role, unit, came=False)).actor
            assert staff is not None
            by = staff
        stranger = an_actor(audience, role, unit=unit)
        return Change(by, f"/api/v1/partners/{audience}/me/charter", {"version": CHARTER}, None, None, stranger)

    return prepare


CHANGES: dict[str, Prepare] = {
    "register_structure": register,
    "request_structure_registration": request_registration,
    "amend_structure": of_structure("amend", "approved", a_registration()),
    "approve_structure": of_structure("approve", "registration_requested"),
    "refuse_structure": of_structure("refuse", "registration_requested", {"reason": "out_of_area"}),
    "open_portal": of_structure("open-portal", "approved", {}),
    "suspend_structure": of_structure("suspend", "active", {"reason": "misuse"}),
    "reactivate_structure": of_structure("reactivate", "suspended"),
    "close_structure": of_structure("close", "active", {"reason": "ceased"}),
    "suspend_structure_as_officer": of_officer("suspend", {"reason": "security"}),
    "decide_nir": of_officer("nir", {"allowed": True}),
    "invite_partner": invite_partner,
    "suspend_partner": of_partner("suspend", {"reason": "misuse"}, by_desk=True),
    "reactivate_partner": of_partner("reactivate", suspended=True, by_desk=True),
    "close_partner": of_partner("close", by_desk=True),
    "end_partner_role": of_partner("end", by_desk=True),
    "invite_colleague": invite_colleague,
    "suspend_colleague": of_partner("suspend", {"reason": "absence"}),
    "reactivate_colleague": of_partner("reactivate", suspended=True),
    "change_colleague_role": of_partner("change-role", {"role": "partner_admin"}),
    "remove_colleague": of_partner("end"),
    "invite_staff": invite_staff,
    "grant_staff_role": of_staff("assignments", {"role": "responsable_unite", "unit": "misas"}),
    "end_staff_role": of_staff("end"),
    "suspend_staff": of_staff("suspend", {"reason": "absence"}),
    "close_staff": of_staff("close"),
    "reactivate_staff": of_staff("reactivate", suspended=True),
    "add_training": add_training,
    "record_training": of_training("record", {"attended": True}),
    "cancel_training": of_training("cancel"),
    "end_right": end_right,
    "accept_charter_as_partner": charter(Audience.PARTNER, "partner_user", None),
    "accept_charter_as_agent": charter(Audience.AGENT, "conseiller_misas", "misas"),
    "accept_charter_as_officer": charter(Audience.OFFICER, "dpo", None),
    "accept_charter_as_pilot": charter(Audience.PILOT, "pilote_regional", None),
}


OWN_AFFAIRS = {f"{side}_{act}_notifications" for side in ("partner", "agent") for act in ("read", "choose")}
"""What people do with their own notifications announces nothing; `test_notifications.py` has it."""


def test_no_change_is_forgotten_here(under_test: ServiceUnderTest) -> None:
    posts = (route for route in service_routes(under_test.app) if "POST" in (route.methods or ()))
    assert {r.name for r in posts if not (r.declared.reads or of_frames(r))} == set(CHANGES) | OWN_AFFAIRS


@pytest.mark.parametrize("name", CHANGES)
async def test_a_change_is_made_once_by_who_may_and_by_nobody_else(
    under_test: ServiceUnderTest, town: Town, name: str
) -> None:
    change = await CHANGES[name](town)
    facts = await under_test.facts()
    me = under_test.client_as(change.by)

    async def refused(client: Any, status: int, **options: Any) -> None:
        sent = {"if_match": change.version} | options
        answer = await client.post(change.path, change.body, **sent)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"

    await refused(under_test.client_as(None), 401)
    await refused(me, 403, purpose="something.else")
    if change.unfit:
        others = {k: getattr(change.by, k) for k in ("caisse", "structure", "unit")}
        await refused(under_test.client_as(an_actor(change.by.audience, change.unfit, **others)), 403)
    if change.outside:
        await refused(under_test.client_as(change.outside), 404)
    if change.version is not None:
        await refused(me, 428, if_match=None)
        await refused(me, 412, if_match=change.version - 1)
    assert await under_test.facts() == facts, "a refusal announced something"

    key = uuid4()
    first = await me.post(change.path, change.body, if_match=change.version, key=key)
    assert first.status_code == change.status, first.text
    announced = await under_test.facts()
    assert len(announced) > len(facts)

    again = await me.post(change.path, change.body, if_match=change.version, key=key)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert await under_test.facts() == announced
    if change.body is not None:
        other = await me.post(change.path, {**change.body, "more": 1}, if_match=change.version, key=key)
        assert other.status_code == 422

    if change.version is not None:
        await refused(me, 404 if name in ENDS else 412)
    [entry] = await under_test.rows(
        "SELECT action, status FROM journal WHERE kind = 'change' AND txn = %s AND action = %s", change.by.txn, name
    )
    assert entry["status"] == change.status


ENDS = {"end_partner_role", "remove_colleague", "end_staff_role", "change_colleague_role"}
"""Acts after which the role they act on is no longer there to be seen."""
