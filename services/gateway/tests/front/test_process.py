"""The gateway as it really runs: a process of its own, killed without warning while it answers."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from .door import Browser, Door

THINGS = "/api/v1/echo/partner/things"


def environment_of(door: Door, url: str, folder: Path) -> dict[str, str]:
    """Return the settings of one more gateway, on the same database and before the same service."""
    settings = door.settings
    return os.environ | {
        "ALLER_ENVIRONMENT": "test",
        "ALLER_DATABASE_URL": settings.database_url.get_secret_value(),
        "ALLER_JWKS": f"{url}/.well-known/jwks.json",
        "ALLER_GATEWAY_URL": url,
        "ALLER_ISSUER": settings.issuer,
        "ALLER_SERVICE_KEY": "{}",
        "ALLER_SERVICE_KEYS": "{}",
        "ALLER_PEERS": json.dumps(settings.peers),
        "ALLER_ORIGIN": settings.origin,
        "ALLER_SEALING_KEY": settings.sealing_key.get_secret_value(),
        "ALLER_CONTRACTS_DIR": str(settings.contracts_dir),
        "ALLER_SPA_DIR": str(settings.spa_dir),
        "ALLER_DATA_DIR": str(folder),
    }


@asynccontextmanager
async def a_process(door: Door, folder: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """Start one more gateway."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = environment_of(door, url, folder)
    command = (sys.executable, "-m", "servicekit", "serve", "gateway_service", "--port", str(port))
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=log, stderr=log)
    try:
        async with httpx.AsyncClient() as http, asyncio.timeout(120):
            while True:
                assert process.returncode is None, (folder / "log").read_text()
                try:
                    await http.get(f"{url}/livez")
                    break
                except httpx.ConnectError:
                    await asyncio.sleep(0.05)
        yield process, url
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _ask_on(http: httpx.AsyncClient, browser: Browser, answered: list[UUID], own: int) -> None:
    headers = {"Cookie": f"__Host-sid={browser.cookie}", "X-Forwarded-For": f"198.51.100.{own}"}
    while True:
        try:
            answer = await http.get(THINGS, headers=headers)
        except httpx.TransportError:
            return
        assert answer.status_code == 200, answer.text
        answered.append(UUID(answer.headers["x-request-id"]))


async def test_kill_loses_no_entry_of_what_was_answered(door: Door, tmp_path: Path) -> None:
    browser = await door.signed_in()
    answered: list[UUID] = []
    async with (
        a_process(door, tmp_path) as (process, url),
        httpx.AsyncClient(base_url=url, timeout=20) as http,
    ):
        asking = [asyncio.create_task(_ask_on(http, browser, answered, own)) for own in range(8)]
        while len(answered) < 200:
            await asyncio.sleep(0.01)
            assert not any(task.done() for task in asking)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        await asyncio.gather(*asking)
    rows = await door.journal()
    written = {row["txn"] for row in rows}
    assert len(set(answered)) == len(answered) >= 200
    assert set(answered) <= written
    assert len(written) - len(answered) <= 8, "at most what was under way on each connection"
    assert {row["address"] for row in rows} == {"127.0.0.0/24"}, "nobody chooses the address it is known by"


async def test_it_stops_when_told_and_says_so(door: Door, tmp_path: Path) -> None:
    async with a_process(door, tmp_path) as (process, url):
        async with httpx.AsyncClient(base_url=url) as http:
            assert (await http.get("/readyz")).json()["status"] == "ready"
        process.terminate()
        async with asyncio.timeout(30):
            await process.wait()
    last = json.loads((tmp_path / "log").read_text().splitlines()[-1])
    assert (last["event"], last["service"]) == ("stopped", "gateway")


async def test_keys_are_replaced_from_the_command_line(door: Door, tmp_path: Path) -> None:
    before = {row["kid"] for row in await door.rows("SELECT kid FROM signing_keys")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway_service", "replace-keys", env=environment_of(door, "http://x", tmp_path)
    )
    assert await process.wait() == 0
    [after] = await door.rows("SELECT kid FROM signing_keys")
    assert after["kid"] not in before
    await door.app.state.engine.ring.refresh(door.app.state.service.database)
    assert door.app.state.engine.ring.current().kid == after["kid"]


@pytest.mark.parametrize("missing", ["ALLER_SEALING_KEY", "ALLER_ORIGIN", "ALLER_SERVICE_KEYS"])
async def test_it_does_not_start_without_what_protects(missing: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ALLER_")} | {
        "ALLER_ENVIRONMENT": "production",
        "ALLER_DATABASE_URL": "postgresql+psycopg://a:b@nowhere.invalid/c",
        "ALLER_JWKS": "http://gateway.invalid/jwks",
        "ALLER_GATEWAY_URL": "http://gateway.invalid",
        "ALLER_SERVICE_KEY": "{}",
        "ALLER_SERVICE_KEYS": "{}",
        "ALLER_ORIGIN": "https://portail.test",
        "ALLER_SEALING_KEY": "A" * 43,
    }
    del environment[missing]
    code = "from gateway_service.settings import Settings; Settings()"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, env=environment, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await process.communicate()
    assert process.returncode != 0
    assert missing.removeprefix("ALLER_").lower() in errors.decode()
