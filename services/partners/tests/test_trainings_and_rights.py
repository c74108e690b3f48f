"""Trainings open rights for a time; what is open on a day is answered to the structure and to other services."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from servicekit import clock
from servicekit.access import Audience
from servicekit.testing import ServiceUnderTest, a_service, an_actor

from .situations import DESK, PARTNER, Member, Structure, Town


async def train(structure: Structure, kind: str, on: str, *people: UUID, attended: bool = True) -> list[dict[str, Any]]:
    """Record or plan a training; return its receipts."""
    body = {"kind": kind, "on": on, "account_ids": [str(p) for p in people], "attended": attended}
    answer = await structure.town.desk.post(f"{structure.path}/trainings", body)
    assert answer.status_code == 201, answer.text
    return list(answer.json())


async def rights(service: ServiceUnderTest, structure: Structure, on: str, member: Member | None = None) -> Any:
    """Ask for rights as another service does."""
    query = f"structure={structure.id}&on={on}" + (f"&account={member.id}" if member else "")
    answer = await service.client_as(a_service("referrals")).get(f"/internal/rights?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_attended_training_opens_its_right_to_those_who_were_there(
    under_test: ServiceUnderTest, town: Town
) -> None:
    """PAR-01, LUP-01."""
    structure = await town.structure()
    trained, other = await structure.member(), await structure.member()
    before = len(await under_test.facts())

    [receipt] = await train(structure, "lup", "2025-03-12", trained.id)

    told = (await under_test.facts())[before:]
    assert [(f["type"], f["payload"]) for f in told] == [
        ("training.planned", {"kind": "lup", "on": "2025-03-12"}),
        ("training.recorded", {"kind": "lup", "on": "2025-03-12", "attended": True}),
        ("right.granted", {"right": "lup", "from_on": "2025-03-12", "until_on": "2027-03-12"}),
    ]
    assert {f["subject"]["account"] for f in told} == {str(trained.id)}
    assert receipt["state"] == "attended"
    assert (await rights(under_test, structure, "2027-03-12", trained))["open_rights"] == ["lup", "misas_detector"]
    assert (await rights(under_test, structure, "2027-03-13", trained))["open_rights"] == ["misas_detector"]
    assert (await rights(under_test, structure, "2027-03-12", other))["open_rights"] == ["misas_detector"]
    assert (await rights(under_test, structure, "2027-03-12"))["open_rights"] == ["misas_detector"]


async def test_a_training_of_the_whole_structure_opens_it_to_everybody(
    under_test: ServiceUnderTest, town: Town
) -> None:
    structure = await town.structure()
    member = await structure.member()
    today = clock.now().date().isoformat()

    await train(structure, "misas_detector", today)

    seen = (await member.client.get(f"{PARTNER}/structure")).json()
    assert seen["open_rights"] == ["misas_detector"]
    assert [(r["right"], r["account_id"], r["from_on"]) for r in seen["rights"]] == [("misas_detector", None, today)]
    assert seen["blocks"] == [{"right": "lup", "rule": "LUP-01", "hard": True}]


async def test_an_untrained_structure_is_invited_to_train(town: Town) -> None:
    member = await (await town.structure()).member()

    seen = (await member.client.get(f"{PARTNER}/structure")).json()

    assert seen["open_rights"] == ["misas_detector"]
    assert {"right": "misas_detector", "rule": "MIS-21", "hard": False} in seen["blocks"]


async def test_a_planned_training_opens_nothing_until_it_was_attended(under_test: ServiceUnderTest, town: Town) -> None:
    structure = await town.structure()
    [planned] = await train(structure, "lup", "2026-03-12", attended=False)
    path = f"{DESK}/trainings/{planned['id']}"
    assert (await rights(under_test, structure, "2026-03-13"))["rights"] == []

    with clock.travel(datetime(2026, 3, 11, 12, tzinfo=UTC)):
        early = await town.desk.post(f"{path}/record", {"attended": True}, if_match=1)
        assert early.status_code == 422
    with clock.travel(datetime(2026, 3, 12, 18, tzinfo=UTC)):
        missed = await town.desk.post(f"{path}/record", {"attended": False}, if_match=1)
    assert missed.json()["state"] == "absent"
    assert (await rights(under_test, structure, "2026-03-13"))["rights"] == []
    again = await town.desk.post(f"{path}/record", {"attended": True}, if_match=missed.json()["version"])
    assert again.json()["type"] == "/problems/transition-refused"
    states = await under_test.rows("SELECT to_state FROM transitions WHERE training_id IS NOT NULL ORDER BY id")
    assert [row["to_state"] for row in states] == ["planned", "held", "absent"]


@pytest.mark.parametrize("kind", ["initial", "portal", "webinar"])
async def test_other_trainings_open_no_right(under_test: ServiceUnderTest, town: Town, kind: str) -> None:
    """PAR-03."""
    structure = await town.structure()
    await train(structure, kind, "2025-03-12")

    assert (await structure.read())["rights"] == []
    assert [t["kind"] for t in (await structure.read())["trainings"]] == [kind]


async def test_nobody_attends_the_future_nor_trains_a_stranger(town: Town) -> None:
    structure = await town.structure()
    stranger = await (await town.structure()).member()

    for body, field in (
        ({"kind": "lup", "on": "2099-01-01", "attended": True}, "on"),
        ({"kind": "lup", "on": "2025-01-01", "account_ids": [str(stranger.id)]}, "account_ids"),
        ({"kind": "lup", "on": "2025-01-01", "account_ids": [str(uuid4())]}, "account_ids"),
    ):
        answer = await town.desk.post(f"{structure.path}/trainings", body)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == field


async def test_a_caisse_that_shortens_a_validity_moves_no_term_already_given(
    under_test: ServiceUnderTest, town: Town
) -> None:
    structure = await town.structure()
    await train(structure, "lup", "2025-03-12")
    await under_test.rows("INSERT INTO parameters VALUES ('311', 'lup_months', '2020-01-01', '6', 'test', NULL)")
    await train(structure, "lup", "2025-03-12")

    assert {r["until_on"] for r in (await structure.read())["rights"]} == {"2027-03-12", "2025-09-12"}


async def test_a_right_taken_back_is_no_longer_held_from_that_day(under_test: ServiceUnderTest, town: Town) -> None:
    with clock.travel(datetime(2026, 3, 2, 12, tzinfo=UTC)):
        structure = await town.structure()
    with clock.travel(datetime(2026, 3, 12, 12, tzinfo=UTC)):
        await train(structure, "lup", "2025-03-12")
        [right] = (await structure.read())["rights"]
        ended = await town.desk.post(f"{DESK}/rights/{right['id']}/end", if_match=1)
        assert ended.status_code == 200
        again = await town.desk.post(f"{DESK}/rights/{right['id']}/end", if_match=2)
        assert again.status_code == 409

    assert (await under_test.facts())[-1]["payload"] == {"right": "lup", "ended_on": "2026-03-12"}
    assert "lup" in (await rights(under_test, structure, "2026-03-11"))["open_rights"]
    assert "lup" not in (await rights(under_test, structure, "2026-03-12"))["open_rights"]
    [seen] = (await structure.read())["rights"]
    assert seen["until_on"] == "2026-03-11"


async def test_past_days_are_answered_from_the_states_of_those_days(under_test: ServiceUnderTest, town: Town) -> None:
    with clock.travel(datetime(2024, 1, 8, 9, tzinfo=UTC)):
        structure = await town.structure("approved")
        await structure.act("open-portal", {"opened_on": "2024-01-08"})
        member = await structure.member()
    with clock.travel(datetime(2025, 6, 2, 9, tzinfo=UTC)):
        await structure.act("suspend")
        row = await member.row()
        path = f"{DESK}/accounts/{member.id}/suspend"
        assert (await town.desk.post(path, {"reason": "misuse"}, if_match=row["version"])).status_code == 200

    before_it_opened = await rights(under_test, structure, "2024-01-07", member)
    while_open = await rights(under_test, structure, "2025-06-01", member)
    that_day = await rights(under_test, structure, "2025-06-02", member)
    now = await rights(under_test, structure, "2030-01-01", member)

    assert (before_it_opened["structure_state"], before_it_opened["portal"]) == (None, False)
    assert (while_open["structure_state"], while_open["account_state"], while_open["portal"]) == (
        "active",
        "active",
        True,
    )
    assert (that_day["structure_state"], that_day["account_state"], that_day["portal"]) == (
        "suspended",
        "suspended",
        False,
    )
    assert (now["structure_state"], now["open_rights"]) == ("suspended", [])


async def test_a_suspension_counts_at_once(under_test: ServiceUnderTest, town: Town) -> None:
    structure = await town.structure()
    member = await structure.member()
    today = clock.now().date().isoformat()
    assert (await rights(under_test, structure, today, member))["portal"]

    row = await member.row()
    await town.desk.post(f"{DESK}/assignments/{row['assignment_id']}/end", if_match=row["assignment_version"])

    assert not (await rights(under_test, structure, today, member))["portal"]


async def test_who_has_not_accepted_the_charter_may_do_nothing_yet(under_test: ServiceUnderTest, town: Town) -> None:
    structure = await town.structure()
    invited = await structure.member(came=False)

    answer = await rights(under_test, structure, clock.now().date().isoformat(), invited)

    assert (answer["portal"], answer["open_rights"]) == (False, [])
    assert {"right": None, "rule": "charter", "hard": True} in answer["blocks"]


async def test_rights_are_for_services_and_journalled(under_test: ServiceUnderTest, town: Town) -> None:
    structure = await town.structure()
    member = await structure.member()
    path = f"/internal/rights?structure={structure.id}&account={member.id}"

    for nobody, status in (
        (None, 401),
        (member.actor, 403),
        (an_actor(Audience.AGENT, "coordinateur"), 403),
        (a_service("statistics"), 403),
    ):
        answer = await under_test.client_as(nobody).get(path, purpose="rights.check")
        assert answer.status_code == status
    assert (await under_test.client_as(a_service("referrals")).get(path)).status_code == 200
    [entry] = await under_test.rows("SELECT actor, subjects FROM journal WHERE action = 'read_rights'")
    assert entry == {"actor": "svc-referrals", "subjects": [member.id]}
    unknown = await under_test.client_as(a_service("referrals")).get(f"/internal/rights?structure={uuid4()}")
    assert unknown.status_code == 404
