"""No answer without its entry; no entry lost once the answer has left."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import httpx
import orjson
import psycopg
import pytest

from gateway_service.front.housekeeping import purge
from gateway_service.front.journal import Entry, JournalAway, RequestJournal

from .door import Door

THINGS = "/api/v1/echo/partner/things"


def an_entry(number: int, ms: int = 3) -> Entry:
    return Entry(str(UUID(int=number)), "echo", "GET", THINGS, 200, ms, "", None, "127.0.0.0/24")


@contextlib.asynccontextmanager
async def writing(door: Door) -> AsyncIterator[RequestJournal]:
    journal = RequestJournal(door.settings.database_url.get_secret_value())
    task = asyncio.create_task(journal.run(door.app.state.service))
    yield journal
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_entries_that_come_together_are_written_together(door: Door) -> None:
    async with writing(door) as journal:
        await journal.write(an_entry(1000))
        before = await door.rows("SELECT pg_current_wal_lsn() AS lsn, count(*) FROM request_journal GROUP BY 1")
        await asyncio.gather(*(journal.write(an_entry(n)) for n in range(100)))
    rows = await door.rows("SELECT xmin::text AS x, count(*) FROM request_journal GROUP BY 1")
    assert sum(row["count"] for row in rows) == 101
    assert len(rows) <= 4, "a hundred entries in a few commits"
    assert before[0]["count"] == 1


async def test_what_was_answered_is_already_there(door: Door) -> None:
    browser = await door.signed_in()
    for n in range(20):
        answer = await browser.get(THINGS)
        rows = await door.rows("SELECT txn FROM request_journal ORDER BY txn DESC LIMIT 1")
        assert rows == [{"txn": UUID(answer.headers["x-request-id"])}]
        assert len(await door.journal()) == n + 1


async def test_without_the_journal_nothing_is_answered(door: Door) -> None:
    browser = await door.signed_in()
    await door.rows("ALTER TABLE request_journal RENAME TO away")
    try:
        answer = await browser.get(THINGS)
        anonymous = await door.http.get(THINGS)
        page = await door.http.get("/", headers={"Accept": "text/html"})
    finally:
        await door.rows("ALTER TABLE away RENAME TO request_journal")
    for refused in (answer, anonymous):
        assert (refused.status_code, refused.json()["type"]) == (503, "/problems/journal-unavailable")
        assert str(browser.account) not in refused.text
        assert refused.headers["cache-control"] == "no-store"
    assert page.status_code == 200, "a page of the application holds nobody's data"
    assert (await browser.get(THINGS)).status_code == 200


async def test_a_streamed_answer_is_held_back_too(door: Door) -> None:
    browser = await door.signed_in()
    await door.rows("ALTER TABLE request_journal RENAME TO away")
    try:
        answer = await browser.get("/api/v1/echo/partner/stream?parts=3")
    finally:
        await door.rows("ALTER TABLE away RENAME TO request_journal")
    assert answer.status_code == 503
    assert "part 0" not in answer.text


async def test_a_lost_connection_is_replaced_unseen(door: Door) -> None:
    browser = await door.signed_in()
    assert (await browser.get(THINGS)).status_code == 200
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE application_name IN ('gateway-journal', 'gateway-sessions', 'gateway')"
    )
    await door.rows(cut)
    assert (await browser.get(THINGS)).status_code == 200
    assert len(await door.journal()) == 2


async def test_an_entry_written_again_stays_single(door: Door) -> None:
    """The connection may die after the commit and before it is known; the group is then sent again."""
    async with writing(door) as journal:
        rows = orjson.dumps([an_entry(7).row()]).decode()
        await journal._insert(rows)
        await journal._insert(rows)
    assert [row["txn"] for row in await door.journal()] == [UUID(int=7)]


async def test_a_database_that_is_nowhere(door: Door) -> None:
    journal = RequestJournal("postgresql+psycopg://nobody:x@127.0.0.1:1/none")
    task = asyncio.create_task(journal.run(door.app.state.service))
    with pytest.raises(JournalAway):
        await journal.write(an_entry(1))
    assert journal.trouble() is not None
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_nothing_in_the_journal_can_be_changed(door: Door) -> None:
    browser = await door.signed_in()
    await browser.get(THINGS)
    url = door.settings.database_url.get_secret_value().replace("+psycopg", "")
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("SET ROLE gateway_system")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute("UPDATE request_journal SET sub = ''")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute("TRUNCATE request_journal")
        deleted = await connection.execute("DELETE FROM request_journal")
        assert deleted.rowcount == 0, "not before a year has passed"
    assert len(await door.journal()) == 1


@pytest.mark.parametrize("audience", ["partner", "agent", "officer", "pilot", "app"])
async def test_no_audience_reads_it(door: Door, audience: str) -> None:
    url = door.settings.database_url.get_secret_value().replace("+psycopg", "")
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(f"SET ROLE gateway_{audience}".encode())
        for table in ("request_journal", "signing_keys", "used_assertions", "sessions"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await connection.execute(f"SELECT 1 FROM {table}".encode())


async def test_what_is_older_than_a_year_goes(door: Door) -> None:
    async with writing(door) as journal:
        for number in range(3):
            await journal.write(an_entry(number))
    await door.rows("UPDATE request_journal SET at = now() - %s WHERE txn = %s", timedelta(days=366), UUID(int=0))
    await door.rows("UPDATE request_journal SET at = now() - %s WHERE txn = %s", timedelta(days=364), UUID(int=1))
    await door.rows("INSERT INTO used_assertions VALUES ('svc-a', 'old', now() - interval '1 second')")
    await door.rows("INSERT INTO used_assertions VALUES ('svc-a', 'new', now() + interval '60 seconds')")
    assert await purge(door.app.state.service.database) == 1
    assert {row["txn"] for row in await door.journal()} == {UUID(int=1), UUID(int=2)}
    assert [row["jti"] for row in await door.rows("SELECT jti FROM used_assertions")] == ["new"]


async def test_every_kind_of_request_leaves_one_entry(door: Door) -> None:
    browser = await door.signed_in()
    await browser.get(THINGS)
    await browser.get("/api/v1/echo/agent/things")
    await browser.get("/nothing/here")
    await browser.request("PUT", THINGS)
    await door.http.get("/api/v1/gateway/anyone/session")
    await door.http.post("/api/v1/gateway/anyone/sign-in", json={})
    await door.http.post("/oauth/token", data={"grant_type": "x"})
    await browser.get("/api/docs")
    rows = [(row["service"], row["route"], row["status"], row["refusal"]) for row in await door.journal()]
    assert rows == [
        ("echo", THINGS, 200, ""),
        ("echo", "/api/v1/echo/agent/things", 403, "not-for-your-role"),
        ("gateway", "unmatched", 404, "not-found"),
        ("gateway", THINGS, 405, "method-not-allowed"),
        ("gateway", "/api/v1/gateway/anyone/session", 200, ""),
        ("gateway", "/api/v1/gateway/anyone/sign-in", 403, "cross-site"),
        ("gateway", "/oauth/token", 401, "invalid_client"),
        ("gateway", "/api/docs", 200, ""),
    ]
    assert (await door.http.get("/livez")).status_code == 200
    assert (await door.http.get("/.well-known/jwks.json")).status_code == 200
    assert len(await door.journal()) == len(rows)
    assert isinstance(await door.http.get("/"), httpx.Response)
