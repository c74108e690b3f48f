"""What goes in to a service, what comes out, and nothing else."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import pytest

from .door import Door

THINGS = "/api/v1/echo/partner/things"


async def test_a_request_reaches_the_service_with_a_token_of_its_own(door: Door) -> None:
    browser = await door.signed_in(role="partner_admin", caisse="311")
    answer = await browser.get(f"{THINGS}?state=open&q=%C3%A9")
    assert answer.status_code == 200, answer.text
    got = answer.json()
    assert (got["path"], got["query"]) == (THINGS, "state=open&q=%C3%A9")
    claims = got["claims"]
    assert claims["aud"] == "svc-echo"
    assert claims["sub"] == str(browser.account)
    assert claims["purp"] == "thing.follow"
    assert (claims["audience"], claims["role"], claims["caisse"]) == ("partner", "partner_admin", "311")
    assert claims["structure"] == str(browser.structure)
    assert claims["sid_h"] == browser.session_id.hex
    assert claims["exp"] - claims["iat"] == 60
    assert claims["txn"] == got["headers"]["x-request-id"] == answer.headers["x-request-id"]
    assert browser.cookie not in answer.text


async def test_what_was_sent_arrives_byte_for_byte(door: Door) -> None:
    browser = await door.signed_in()
    answer = await browser.post(THINGS, {"text": "été 🙂"}, headers={"Idempotency-Key": "k", "If-Match": '"3"'})
    got = answer.json()
    assert json.loads(got["body"].encode("latin-1")) == {"text": "été 🙂"}
    assert got["claims"]["purp"] == "thing.file"
    assert (got["headers"]["idempotency-key"], got["headers"]["if-match"]) == ("k", '"3"')
    assert answer.headers["etag"] == '"3"'
    assert answer.headers["content-disposition"] == "attachment"


FORGED = {
    "X-User-Id": "00000000-0000-0000-0000-000000000001",
    "X-User-Role": "admin",
    "X-User-Caisse": "751",
    "X-Structure": "x",
    "X-Forwarded-For": "10.0.0.1",
    "X-Forwarded-Host": "evil.test",
    "X-Forwarded-User": "admin",
    "X-Real-Ip": "10.0.0.1",
    "X-Original-Url": "/internal/facts",
    "X-Rewrite-Url": "/internal/facts",
    "X-Http-Method-Override": "DELETE",
    "X-Request-Id": "attacker-chosen-id",
    "X-Purpose": "aid.decide",
    "Forwarded": "for=10.0.0.1",
    "Via": "1.1 evil",
    "Traceparent": "00-0-0-0",
    "Connection": "keep-alive, X-User-Id",
    "Te": "trailers",
    "Referer": "http://evil.test/?name=Dupont",
    "User-Agent": "tracker",
}


async def test_no_header_of_the_caller_speaks_for_somebody_else(door: Door) -> None:
    """ASVS 4.1.3."""
    browser = await door.signed_in()
    plain = (await browser.get(THINGS)).json()
    forged = (await browser.get(THINGS, headers=FORGED)).json()
    assert set(forged["headers"]) == set(plain["headers"])
    assert set(plain["headers"]) <= {"host", "accept", "authorization", "x-request-id"}
    assert forged["headers"]["x-request-id"] != "attacker-chosen-id"
    for claim in ("sub", "role", "caisse", "structure", "audience", "purp", "client"):
        assert forged["claims"][claim] == plain["claims"][claim]


async def test_what_comes_back_is_stripped_and_secured(door: Door) -> None:
    browser = await door.signed_in()
    answer = await browser.get(THINGS)
    assert "set-cookie" not in answer.headers
    assert "server" not in answer.headers
    assert answer.headers.get_list("x-request-id") == [answer.json()["headers"]["x-request-id"]]
    assert answer.headers.get_list("cache-control") == ["no-store"]
    [policy] = answer.headers.get_list("content-security-policy")
    assert policy.startswith("default-src 'none'")


@pytest.mark.parametrize("status", [201, 404, 409, 412, 422, 500])
async def test_the_service_s_own_refusals_pass(door: Door, status: int) -> None:
    browser = await door.signed_in()
    answer = await browser.get(f"{THINGS}?status={status}")
    assert answer.status_code == status
    assert [row["status"] for row in await door.journal()] == [status]


async def test_an_answer_streams(door: Door) -> None:
    browser = await door.signed_in()
    arrivals = []
    async with door.http.stream(
        "GET",
        "/api/v1/echo/partner/stream?parts=4&pause=0.1",
        headers={"Cookie": f"__Host-sid={browser.cookie}"},
    ) as answer:
        async for part in answer.aiter_bytes():
            arrivals.append((time.monotonic(), part))
    assert b"".join(part for _, part in arrivals) == b"part 0\npart 1\npart 2\npart 3\n"
    assert arrivals[-1][0] - arrivals[0][0] > 0.2, "held back until the end"


async def test_a_file_streams_in(door: Door) -> None:
    browser = await door.signed_in()
    door.echo.released.clear()
    reached_before_the_end = False

    async def content() -> AsyncIterator[bytes]:
        nonlocal reached_before_the_end
        yield b"a" * 100_000
        async with asyncio.timeout(5):
            await door.echo.released.wait()
        reached_before_the_end = True
        for _ in range(20):
            yield b"b" * 200_000

    answer = await browser.request(
        "POST", "/api/v1/echo/partner/files", headers={"Content-Type": "application/pdf"}, content=content()
    )
    assert (answer.status_code, answer.json()) == (201, {"bytes": 4_100_000})
    assert reached_before_the_end


async def test_an_answer_that_breaks_off_is_not_taken_for_whole(door: Door) -> None:
    browser = await door.signed_in()
    with pytest.raises(Exception, match=r"(?i)peer closed|incomplete|disconnected"):
        await browser.get("/api/v1/echo/partner/broken")


async def test_two_requests_share_a_connection_to_the_service(door: Door) -> None:
    browser = await door.signed_in()
    answers = [await browser.get(THINGS) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.headers["x-request-id"] for answer in answers}) == 5
