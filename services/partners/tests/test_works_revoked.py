"""Who may no longer act stops being acted for: before each step, the rights of who asked are asked again."""

import csv
import io
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from partners_service.accounts import acting
from partners_service.jobs import works
from servicekit.documents.keyring import Keyring, Secrecy
from servicekit.imports import importing
from servicekit.testing import Client, ServiceUnderTest
from servicekit.works import running

from .directory import a_row, as_csv
from .situations import OFFICER, Town, a_staff_member
from .test_directory_export import EXPORTS, REASON
from .test_directory_import import IMPORTS, WORKS, send

ROWS = 20


async def step(service: ServiceUnderTest) -> None:
    """Do the next step of the only work, as the job does."""
    [work] = await service.rows("SELECT caisse, id, turn FROM works")
    running_service = service.app.state.service
    async with running_service.database.system_session("works.step", settings=running_service.settings) as session:
        await works._do_step(session, work["caisse"], work["id"], work["turn"])


async def suspended(town: Town, desk: Client) -> None:
    assert desk.actor is not None
    path = f"{OFFICER}/accounts/{desk.actor.sub}/suspend"
    [account] = await town.service.rows("SELECT version FROM accounts WHERE id = %s", desk.actor.sub)
    answer = await town.officer().post(path, {"reason": "misuse"}, if_match=account["version"])
    assert answer.status_code == 200, answer.text


async def without_role(town: Town, desk: Client) -> None:
    assert desk.actor is not None
    [role] = await town.service.rows("SELECT id, version FROM assignments WHERE account_id = %s", desk.actor.sub)
    answer = await town.officer().post(f"{OFFICER}/assignments/{role['id']}/end", if_match=role["version"])
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("lose", "why"), [(suspended, acting.ACCOUNT_SHUT), (without_role, acting.ROLE_ENDED)], ids=["account", "role"]
)
async def test_an_import_stops_where_its_author_lost_the_right(
    under_test: ServiceUnderTest,
    town: Town,
    monkeypatch: pytest.MonkeyPatch,
    lose: Callable[[Town, Client], Awaitable[None]],
    why: str,
) -> None:
    monkeypatch.setattr(importing, "_AT_ONCE", 5)
    monkeypatch.setattr(running, "STEP_SECONDS", 0)
    desk = await a_staff_member(town, "coordinateur", "cas")
    receipt = await send(desk, as_csv(a_row(n) for n in range(ROWS)))
    confirmed = await desk.post(f"{IMPORTS}/{receipt['id']}/confirm", if_match=receipt["version"])
    assert confirmed.status_code == 200, confirmed.text
    await step(under_test)
    done = (await desk.get(f"{WORKS}/{receipt['id']}")).json()["done"]
    assert done == 5
    before = len(await under_test.rows("SELECT 1 FROM structures"))

    await lose(town, desk)
    await step(under_test)
    work = (await desk.get(f"{WORKS}/{receipt['id']}")).json()
    assert (work["state"], work["problem"], work["can_cancel"]) == ("revoked", why, False)
    assert work["done"] == done
    await step(under_test)
    assert len(await under_test.rows("SELECT 1 FROM structures")) == before
    async with under_test.app.state.service.database.system_session("works.forget") as session:
        await running.forget(session)
    assert await under_test.rows("SELECT 1 FROM work_rows") == []
    assert (await under_test.rows("SELECT state, key, key_id FROM works")) == [
        {"state": "revoked", "key": None, "key_id": None}
    ]


async def an_export(desk: Client) -> Any:
    answer = await desk.post(EXPORTS, {"reason": REASON, "state": "active"})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_the_protection_officer_re_reads_who_exported_what_and_why(
    under_test: ServiceUnderTest, town: Town, elsewhere: Town
) -> None:
    await town.structure(name="Entraide")
    desk = await town.employ(town.officer_of_the_desk())
    assert desk.actor is not None
    asked = await an_export(desk)
    await step(under_test)
    await step(under_test)
    await send(desk, as_csv([a_row(1)]))
    [line] = (await town.officer("dpo").get(f"{OFFICER}/exports")).json()["items"]
    assert (line["id"], line["kind"], line["account"]) == (asked["id"], "structures.export", desk.actor.sub)
    assert (line["role"], line["reason"], line["rows"], line["state"]) == ("coordinateur", REASON, 1, "done")
    assert line["parameters"]["state"] == "active"
    assert (await town.officer("admin").get(f"{OFFICER}/exports")).status_code == 403
    assert (await elsewhere.officer("dpo").get(f"{OFFICER}/exports")).json()["items"] == []
    [entry] = await under_test.rows(
        "SELECT kind, resource_ids FROM journal WHERE purpose = 'security.audit' AND caisse = %s", "311"
    )
    assert (entry["kind"], [str(each) for each in entry["resource_ids"]]) == ("read", [asked["id"]])


async def test_master_keys_of_works_are_replaced_and_the_old_ones_retired(
    under_test: ServiceUnderTest, town: Town
) -> None:
    desk = await town.employ(town.officer_of_the_desk())
    await town.structure(name="Entraide")
    asked = await an_export(desk)
    await step(under_test)
    await step(under_test)
    settings = under_test.app.state.service.settings
    old: Keyring = settings.keyring
    fresh = {secrecy: bytes([rank]) * 32 for rank, secrecy in enumerate(Secrecy)}
    current = dict.fromkeys(Secrecy, "2027")
    [sealed] = await under_test.rows("SELECT sealed FROM work_parts")
    try:
        settings.__dict__["keyring"] = Keyring({s: {**old._keys[s], "2027": fresh[s]} for s in Secrecy}, current)
        async with under_test.app.state.service.database.system_session("rewrap", settings=settings) as session:
            await running.rewrap(session)
        assert await under_test.rows("SELECT key_id FROM works") == [{"key_id": "2027"}]
        settings.__dict__["keyring"] = Keyring({s: {"2027": fresh[s]} for s in Secrecy}, current)
        content = (await desk.get(f"{EXPORTS}/{asked['id']}/file")).content
        assert [row["Nom"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")] == [
            "Entraide"
        ]
        assert await under_test.rows("SELECT sealed FROM work_parts") == [sealed]
        settings.__dict__["keyring"] = old
        gone = await desk.get(f"{EXPORTS}/{asked['id']}/file")
        assert gone.json()["type"] == "/problems/work-forgotten"
    finally:
        settings.__dict__["keyring"] = old


async def test_a_structure_that_closes_stops_what_was_done_for_it(under_test: ServiceUnderTest, town: Town) -> None:
    structure = await town.structure()
    member = await structure.member()
    service = under_test.app.state.service
    async with service.database.system_session("works.step", settings=service.settings) as session:
        assert await acting.still(session, member.actor) is None
    await structure.act("suspend")
    async with service.database.system_session("works.step", settings=service.settings) as session:
        assert await acting.still(session, member.actor) == acting.STRUCTURE_SHUT
