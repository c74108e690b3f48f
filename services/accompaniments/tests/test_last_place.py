"""Sixty-four people want the last place at once: one has it, the others are told so. Real processes, real HTTP."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from servicekit import clock, tokens
from servicekit.testing import ISSUER, JWKS, a_token, login_url
from servicekit.workdays import DayKind, is_open

from .situations import AGENT, World, a_booking

MANY = 64


@pytest.fixture
def address(admin_url: str, tmp_path: Path, unused_tcp_port: int) -> Iterator[str]:
    """Serve the service as it is served, on the database of these tests; its followers find nobody, and wait."""
    nowhere = "http://127.0.0.1:9"
    environment = {
        "ALLER_ENVIRONMENT": "test",
        "ALLER_DATABASE_URL": login_url("accompaniments_service", admin_url),
        "ALLER_ISSUER": ISSUER,
        "ALLER_JWKS": JWKS,
        "ALLER_GATEWAY_URL": nowhere,
        "ALLER_PEERS": json.dumps({"partners": nowhere, "referrals": nowhere}),
        "ALLER_DATA_DIR": str(tmp_path),
        "ALLER_PORT": str(unused_tcp_port),
        "ALLER_SERVICE_KEY": json.dumps(tokens.generate_jwk()),
    }
    command = [sys.executable, "-m", "servicekit", "serve", "accompaniments_service"]
    with (
        (tmp_path / "log").open("w") as said,
        subprocess.Popen(command, env=os.environ | environment, stdout=said, stderr=subprocess.STDOUT) as process,
    ):
        url = f"http://127.0.0.1:{unused_tcp_port}"
        end = time.monotonic() + 60
        while not _ready(url):
            assert process.poll() is None, (tmp_path / "log").read_text()
            assert time.monotonic() < end, (tmp_path / "log").read_text()
            time.sleep(0.1)
        yield url
        process.terminate()
        process.wait(20)


def next_open_day(after: datetime) -> datetime:
    """Return a coming day on which nothing is closed."""
    day = after + timedelta(days=1)
    while not is_open(day.date(), DayKind.OUVRE, "31"):
        day += timedelta(days=1)
    return day


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz").status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("capacity", [1, 3])
async def test_one_of_sixty_four_has_the_last_place(world: World, address: str, capacity: int) -> None:
    world.at = clock.system_now()
    start = next_open_day(world.at).replace(hour=10, minute=0, second=0, microsecond=0)
    calendar = await world.calendar(kind="ces", label="Examens de santé", capacity=capacity)
    kind = await world.kind()
    for _ in range(capacity - 1):
        sent = a_booking(calendar, kind, await world.person(), start)
        await world.post(world.agent(), f"{AGENT}/appointments", sent)
    people = [await world.person() for _ in range(MANY)]
    adviser = world.agent()

    async def want(http: httpx.AsyncClient, person: str, rank: int) -> httpx.Response:
        token = a_token(adviser, "accompaniments", "appointment.book")
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"00000000-0000-4000-8000-{rank:012d}"}
        return await http.post(f"{AGENT}/appointments", json=a_booking(calendar, kind, person, start), headers=headers)

    limits = httpx.Limits(max_connections=MANY)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as http:
        answers = await asyncio.gather(*(want(http, person, rank) for rank, person in enumerate(people)))
    found = Counter(
        "booked" if answer.status_code == 201 else answer.json().get("type", answer.text) for answer in answers
    )
    assert found == {"booked": 1, "/problems/slot-taken": MANY - 1}
    details = {answer.json()["detail"] for answer in answers if answer.status_code == 409}
    assert details == {"Toutes les places de ce créneau sont prises. Choisissez-en un autre."}
    [held] = await world.under_test.rows("SELECT count(*) AS n, count(DISTINCT place) AS places FROM appointments")
    assert held == {"n": capacity, "places": capacity}
    told = [f for f in await world.under_test.facts() if f["type"] == "appointment.booked"]
    assert len(told) == capacity
