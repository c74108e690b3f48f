"""The feed over HTTP: who gets what, and which cursors are refused."""

import base64
from uuid import uuid4

import pytest
from teller_service.telling import lost, moved, read_all, tell

from servicekit.access import Audience
from servicekit.db import Database
from servicekit.facts import emit
from servicekit.testing import ServiceUnderTest, a_service, an_actor


async def test_a_fact_travels_as_it_was_told(teller: ServiceUnderTest, source: Database) -> None:
    await tell(source, 7)
    answer = await teller.client_as(a_service("listener")).get("/internal/facts")
    assert answer.status_code == 200
    page = answer.json()
    [item] = page["items"]
    assert page == {"items": [item], "next_cursor": item["cursor"], "more": False}
    assert {key: item[key] for key in ("type", "version", "caisse", "subject", "payload")} == {
        "type": "counter.moved",
        "version": 1,
        "caisse": "311",
        "subject": {"counter": "00000000-0000-0000-0000-000000000001"},
        "payload": {"value": 7},
    }
    assert item.keys() == {"id", "at", "type", "version", "caisse", "subject", "payload", "cursor"}


async def test_each_follower_gets_its_projection_and_passes_over_the_rest(
    teller: ServiceUnderTest, source: Database
) -> None:
    async with source.system_session("tests") as session:
        emit(session, moved(1), lost(2), moved(3))
    auditor = teller.client_as(a_service("auditor"))
    page = (await auditor.get("/internal/facts")).json()
    assert [item["type"] for item in page["items"]] == ["counter.lost"]
    rest = (await auditor.get("/internal/facts", params={"after": page["next_cursor"]})).json()
    assert rest == {"items": [], "next_cursor": page["next_cursor"], "more": False}


@pytest.mark.parametrize(
    ("actor", "status"),
    [
        (None, 401),
        (a_service("gateway"), 403),
        (an_actor(Audience.AGENT, "conseiller_misas"), 403),
        (an_actor(Audience.PARTNER, "partner_user", client="svc-listener"), 403),
    ],
)
async def test_nobody_else_reads_it(teller: ServiceUnderTest, actor: object, status: int) -> None:
    answer = await teller.client_as(actor).get("/internal/facts")  # type: ignore[arg-type]  # parametrized
    assert answer.status_code == status


@pytest.mark.parametrize("spoilt", ["position", "fact", "elsewhere", "short", "noise"])
async def test_a_cursor_that_names_no_fact_here_is_refused(
    teller: ServiceUnderTest, source: Database, spoilt: str
) -> None:
    await tell(source, 1, 2)
    [_, last] = await read_all(source)
    named = base64.urlsafe_b64decode(last.cursor)
    cursor = {
        "position": base64.urlsafe_b64encode((99).to_bytes(8, "big") + named[8:]).decode(),
        "fact": base64.urlsafe_b64encode(named[:8] + uuid4().bytes).decode(),
        "elsewhere": base64.urlsafe_b64encode(b"\xff" * 8 + named[8:]).decode(),
        "short": last.cursor[:12],
        "noise": "é'; --",
    }[spoilt]
    answer = await teller.client_as(a_service("listener")).get("/internal/facts", params={"after": cursor})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/feed-cursor-refused")


async def test_a_source_that_lost_facts_refuses_the_cursor_even_once_it_has_written_as_many(
    teller: ServiceUnderTest, source: Database
) -> None:
    await tell(source, 1, 2, 3)
    last = (await read_all(source))[-1].cursor
    await teller.rows("DELETE FROM facts WHERE position > 2")  # restored from a backup older than the reading
    follower = teller.client_as(a_service("listener"))
    assert (await follower.get("/internal/facts", params={"after": last})).status_code == 409
    await tell(source, 4, 5)
    assert (await follower.get("/internal/facts", params={"after": last})).status_code == 409
    assert len(await read_all(source)) == 4
