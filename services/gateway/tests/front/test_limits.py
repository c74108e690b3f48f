"""Bounded in size, time and number; one service's trouble stays its own."""

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest

from .door import Browser, Door, opened, served
from .echo import Echo

THINGS = "/api/v1/echo/partner/things"
SLOW = "/api/v1/echo/partner/slow"


@pytest.fixture(scope="module")
def unused_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@pytest.fixture(scope="module", name="_tight")
async def tight_door(admin_url: str, tmp_path_factory: pytest.TempPathFactory, unused_port: int) -> AsyncIterator[Door]:
    """A gateway with short limits, before three services: one up, one down, one that hangs."""
    hanging = Echo(jwks="", verifies=False)
    async with served(hanging) as hanging_url, served(Echo(jwks="", verifies=False)) as up:
        peers = {"echo": up, "down": f"http://127.0.0.1:{unused_port}", "hangs": hanging_url}
        limits = {
            "deadline_seconds": 1.0,
            "in_flight_limit": 8,
            "json_limit_bytes": 1000,
            "upload_limit_bytes": 50_000,
        }
        folder = tmp_path_factory.mktemp("tight")
        async with opened(admin_url, folder, peers=peers, **limits) as door:
            yield door


@pytest.fixture
async def tight(_tight: Door) -> AsyncIterator[Door]:
    yield _tight
    await _tight.emptied()


def slug(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    kind: str = answer.json()["type"]
    return kind.removeprefix("/problems/")


async def test_a_service_that_is_down(tight: Door) -> None:
    browser = await tight.signed_in()
    for method in ("GET", "POST"):
        answer = await browser.request(method, "/api/v1/down/partner/things")
        assert (answer.status_code, slug(answer)) == (503, "unavailable")
        assert answer.headers["retry-after"]
        assert "autres restent utilisables" in answer.json()["detail"]
    assert (await browser.get(THINGS)).status_code == 200
    assert all(row["ms"] < 1000 for row in await tight.journal()), "a closed port is known at once"
    assert [(row["status"], row["refusal"]) for row in await tight.journal()] == [
        (503, "unavailable"),
        (503, "unavailable"),
        (200, ""),
    ]


async def test_a_service_that_hangs_takes_nothing_from_its_neighbours(tight: Door) -> None:
    browser = await tight.signed_in()
    stuck = [asyncio.create_task(browser.get("/api/v1/hangs/partner/slow?seconds=3", timeout=10)) for _ in range(6)]
    await asyncio.sleep(0.1)
    assert (await browser.get(THINGS)).status_code == 200
    answers = await asyncio.gather(*stuck)
    assert sorted(answer.status_code for answer in answers) == [503, 503, 504, 504, 504, 504]
    assert {slug(answer) for answer in answers} == {"overloaded", "deadline-exceeded"}


async def test_more_than_can_be_served_is_refused_at_once(tight: Door) -> None:
    browser = await tight.signed_in()
    paths = [f"/api/v1/{name}/partner/slow?seconds=0.3" for name in ("echo", "hangs")]
    asked = [asyncio.create_task(browser.get(path)) for path in paths * 10]
    answers = await asyncio.gather(*asked)
    refused = [answer for answer in answers if answer.status_code == 503]
    assert len(refused) >= 10
    assert all(slug(answer) == "overloaded" and answer.headers["retry-after"] for answer in refused)
    assert sum(answer.status_code == 200 for answer in answers) == 20 - len(refused) > 0
    assert (await browser.get(THINGS)).status_code == 200, "back as soon as the wave has passed"
    assert len(await tight.journal()) == 21


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_deadline(tight: Door, method: str) -> None:
    browser = await tight.signed_in()
    answer = await browser.request(method, f"{SLOW}?seconds=5")
    assert (answer.status_code, slug(answer)) == (504, "deadline-exceeded")
    [row] = await tight.journal()
    assert 900 < row["ms"] < 4000


async def test_a_stream_outlives_the_deadline_as_long_as_it_moves(tight: Door) -> None:
    browser = await tight.signed_in()
    answer = await browser.get("/api/v1/echo/partner/stream?parts=5&pause=0.5")
    assert answer.text.count("part") == 5


async def test_a_stream_that_stops_moving_is_cut(tight: Door) -> None:
    browser = await tight.signed_in()
    with pytest.raises(httpx.RemoteProtocolError):
        await browser.get("/api/v1/echo/partner/stream?parts=3&pause=3&first=0", timeout=10)


@pytest.mark.parametrize(("size", "status"), [(998, 200), (999, 413), (5000, 413)])
async def test_a_json_body_too_large(tight: Door, size: int, status: int) -> None:
    browser = await tight.signed_in()
    answer = await browser.post(THINGS, "a" * size)
    assert answer.status_code == status
    if status == 413:
        assert slug(answer) == "content-too-large"


async def test_a_body_too_large_that_does_not_say_so(tight: Door) -> None:
    browser = await tight.signed_in()

    async def content() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"a" * 100

    answer = await browser.request("POST", THINGS, headers={"Content-Type": "application/json"}, content=content())
    assert (answer.status_code, slug(answer)) == (413, "content-too-large")


async def test_no_content_type_opens_the_larger_limit(tight: Door) -> None:
    browser = await tight.signed_in()
    for kind in ("", "text/plain", "application/x-www-form-urlencoded", "application/json; a=multipart/form-data"):
        answer = await browser.request("POST", THINGS, headers={"Content-Type": kind}, content=b"a" * 2000)
        assert answer.status_code == 413


@pytest.mark.parametrize("announced", [True, False])
async def test_a_file_too_large(tight: Door, announced: bool) -> None:
    browser = await tight.signed_in()

    async def content() -> AsyncIterator[bytes]:
        for _ in range(60):
            yield b"a" * 1000

    answer = await browser.request(
        "POST",
        "/api/v1/echo/partner/files",
        headers={"Content-Type": "application/pdf"},
        content=b"a" * 60_000 if announced else content(),
    )
    assert (answer.status_code, slug(answer)) == (413, "content-too-large")
    assert (await browser.get(THINGS)).status_code == 200


async def test_a_slow_upload_lives_as_long_as_it_moves(tight: Door) -> None:
    browser = await tight.signed_in()

    async def content() -> AsyncIterator[bytes]:
        for _ in range(5):
            await asyncio.sleep(0.5)
            yield b"a" * 1000

    answer = await browser.request(
        "POST", "/api/v1/echo/partner/files", headers={"Content-Type": "application/pdf"}, content=content()
    )
    assert answer.json() == {"bytes": 5000}


@pytest.mark.parametrize("kind", ["application/json", "application/pdf"])
async def test_a_body_that_does_not_come(tight: Door, kind: str) -> None:
    browser = await tight.signed_in()
    path = THINGS if kind == "application/json" else "/api/v1/echo/partner/files"
    first_line = await _half_sent(tight, browser, path, kind)
    assert first_line.split()[1] in {b"408", b"504"}
    assert (await browser.get(THINGS)).status_code == 200


async def test_a_browser_that_leaves_is_noted(tight: Door) -> None:
    browser = await tight.signed_in()
    await _half_sent(tight, browser, THINGS, "application/json", leave=True)
    for _ in range(100):
        rows = await tight.journal()
        if rows:
            break
        await asyncio.sleep(0.02)
    assert [row["status"] for row in rows] == [499]


async def _half_sent(door: Door, browser: Browser, path: str, kind: str, *, leave: bool = False) -> bytes:
    host, _, port = door.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        (
            f"POST {path} HTTP/1.1\r\nHost: portail.test\r\nCookie: __Host-sid={browser.cookie}\r\nX-CSRF: 1\r\n"
            f"Origin: {door.settings.origin}\r\nContent-Type: {kind}\r\nContent-Length: 500\r\n\r\nhalf"
        ).encode()
    )
    await writer.drain()
    line = b"" if leave else await reader.readline()
    if leave:
        await asyncio.sleep(0.05)
    writer.close()
    return line


async def test_health_is_never_shed(tight: Door) -> None:
    browser = await tight.signed_in()
    asked = [asyncio.create_task(browser.get(f"{SLOW}?seconds=0.3")) for _ in range(12)]
    await asyncio.sleep(0.1)
    assert (await tight.http.get("/livez")).status_code == 200
    assert (await tight.http.get("/readyz")).json()["status"] == "ready"
    await asyncio.gather(*asked)
