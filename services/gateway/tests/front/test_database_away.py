"""With its database away the gateway answers nobody, says so, and goes on by itself when it is back."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import make_url

from gateway_service.oauth.token_endpoint import JWT_BEARER
from servicekit.assertions import sign_assertion
from servicekit.testing import login_url

from .door import PACKAGE, REFERRALS_JWK, Door, opened

THINGS = "/api/v1/echo/partner/things"


class Wire:
    """The network between the gateway and its database, that can be cut."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._server: asyncio.Server | None = None
        self._relays: set[asyncio.Task[None]] = set()
        self.port = 0

    async def join(self) -> None:
        self._server = await asyncio.start_server(self._relay, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        assert self._server is not None
        self._server.close()
        relays = list(self._relays)
        for relay in relays:
            relay.cancel()
        await asyncio.gather(*relays, return_exceptions=True)
        await asyncio.sleep(0)  # an aborted socket is closed at the loop's next turn

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._relays.add(task)
        ends = [writer]
        try:
            behind, to_behind = await asyncio.open_connection(*self._target)
            ends.append(to_behind)
            await asyncio.gather(_pump(reader, to_behind), _pump(behind, writer))
        finally:
            for end in ends:
                end.transport.abort()
            self._relays.discard(task)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while part := await reader.read(65_536):
            writer.write(part)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.transport.abort()


@pytest.fixture
async def wired(admin_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Door, Wire]]:
    url = make_url(login_url(PACKAGE, admin_url))
    assert url.host is not None
    wire = Wire(url.host, url.port or 5432)
    await wire.join()
    through = url.set(host="127.0.0.1", port=wire.port).render_as_string(hide_password=False)
    async with opened(admin_url, tmp_path_factory.mktemp("wired"), database_url=through) as door:
        yield door, wire
    await wire.cut()


async def _token_status(door: Door) -> int:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": JWT_BEARER,
        "client_assertion": sign_assertion(REFERRALS_JWK, "svc-referrals", "http://gateway.test/oauth/token"),
        "audience": "svc-echo",
        "scope": "rights.check",
    }
    return (await door.http.post("/oauth/token", data=form)).status_code


async def test_an_outage_and_the_return(wired: tuple[Door, Wire]) -> None:
    door, wire = wired
    browser = await door.signed_in()
    assert (await browser.get(THINGS)).status_code == 200
    assert await _token_status(door) == 200

    await wire.cut()
    await asyncio.sleep(0.5)  # what was known of the session is forgotten
    answer = await browser.get(THINGS)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"]
    assert await _token_status(door) == 503
    assert (await door.http.get("/readyz")).status_code == 503
    assert (await door.http.get("/livez")).status_code == 200
    assert (await door.http.get("/.well-known/jwks.json")).status_code == 200
    assert (await door.http.get("/", headers={"Accept": "text/html"})).status_code == 200
    reached = len(door.echo.seen)

    await wire.join()
    for _ in range(200):
        answer = await browser.get(THINGS)
        if answer.status_code == 200:
            break
        await asyncio.sleep(0.1)
    assert answer.status_code == 200, "and nobody had to do anything"
    assert await _token_status(door) == 200
    assert reached == 1, "nothing was asked of the service while nobody could be told apart"
    await door.emptied()
