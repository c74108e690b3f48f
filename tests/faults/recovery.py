"""What every fault test waits for: a process that is back, and followers that have nothing left to read."""

import base64
from contextlib import suppress
from typing import Any

import httpx
from world import World

from embedded.demo.portal import Portal, eventually
from embedded.process import Process
from embedded.system import PACKAGES

SERVICES = tuple(PACKAGES)
CAUGHT_UP_SECONDS = 60.0
"""Promised: everything that happened during an outage has taken effect this long after its end."""


def back(world: World, name: str, was: int) -> None:
    """Return when a process killed as `was` runs and answers again, started by nobody but its supervisor."""
    process = world.system.process(name)
    eventually(lambda: (process.pid != was and process.ready) or None, f"{name} did not come back", seconds=90)


def whole(world: World) -> None:
    """Return when every process answers, the database included."""
    for name in ("postgres", *SERVICES):
        _ready(world.system.process(name))


def _ready(process: Process) -> None:
    eventually(lambda: process.ready or None, f"{process.name} is not ready", seconds=90)


def last_of_partners(world: World) -> str:
    """Return the cursor after the last fact of `partners`, as its feed writes it."""
    unstamped = world.rows("partners", "SELECT 1 FROM facts WHERE position IS NULL")
    if unstamped:
        return ""
    row = world.rows("partners", "SELECT position, id FROM facts ORDER BY position DESC LIMIT 1")[0]
    return base64.urlsafe_b64encode(row["position"].to_bytes(8, "big") + row["id"].bytes).decode()


def caught_up(world: World) -> None:
    """Return when every follower has applied the last fact of `partners`."""

    def look() -> bool | None:
        last = last_of_partners(world)
        cursors = [_cursor(world, follower) for follower in SERVICES if follower != "partners"]
        return True if last and set(cursors) == {last} else None

    eventually(look, "a follower did not catch up", seconds=CAUGHT_UP_SECONDS)


def _cursor(world: World, follower: str) -> str | None:
    rows = world.rows(follower, "SELECT cursor FROM cursors WHERE source = 'partners'")
    return rows[0]["cursor"] if rows else None


def ask(world: World, portal: Portal, path: str) -> httpx.Response:
    """Read through the gateway, whatever the answer; raises `httpx.TransportError` when there is none."""
    return httpx.get(f"{world.system.url}/api/v1{path}", headers=portal.cookie, timeout=15)


def answers(world: World, portal: Portal, path: str) -> bool | None:
    """Tell whether a page can be read, for `eventually`."""
    with suppress(httpx.TransportError):
        return ask(world, portal, path).is_success or None
    return None


def is_away(answer: httpx.Response) -> bool:
    """Tell whether an answer says, as a problem document in French, that it is for the moment only."""
    problem: dict[str, Any] = answer.json()
    return (
        answer.status_code == 503
        and answer.headers["content-type"] == "application/problem+json"
        and "retry-after" in answer.headers
        and ("Réessayez" in problem["detail"] or "réessayez" in problem["detail"])
    )
