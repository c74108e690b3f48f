"""One part down at a time: the others answer, and all of it goes on by itself when the part comes back."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import httpx
import pytest
from faults.clients import Insistent
from faults.recovery import CAUGHT_UP_SECONDS, SERVICES, answers, ask, back, caught_up, is_away, whole
from journeys.filing import a_form, file, register
from world import World

from embedded.demo.cast import CAISSES, PASSWORD
from embedded.demo.portal import Portal, Refused, eventually

pytestmark = [pytest.mark.system, pytest.mark.faults]

DATABASE_AWAY_SECONDS = 10.0
LONGEST_REFUSAL_SECONDS = 10.0
OWN = "/referrals/partner/requests"
PAGES = {
    "gateway": ("fil-paul", "/gateway/me/sessions"),
    "partners": ("fil-paul", "/partners/partner/structure"),
    "referrals": ("fil-paul", OWN),
}
EMAILS = {p.key: p.email for caisse in CAISSES for s in caisse.structures for p in s.people}


@pytest.fixture(autouse=True)
def _healthy(world: World) -> Iterator[None]:
    """Begin with everything up, and leave it so whatever happened."""
    whole(world)
    yield
    for name in ("postgres", *SERVICES):
        world.system.process(name).spawn()
    whole(world)


@contextmanager
def _down(world: World, name: str) -> Iterator[None]:
    """Keep a process stopped; afterwards it is started, and nothing else is done."""
    process = world.system.process(name)
    process.stop()
    try:
        yield
    finally:
        process.spawn()


def _read(world: World, service: str) -> httpx.Response:
    player, path = PAGES[service]
    return ask(world, world.as_(player), path)


def _train(world: World, on: date) -> None:
    """Have `partners` tell of a right, recognisable by its first day."""
    structure = world.company.structures["ccas-muret"]
    training = {"kind": "misas_detector", "on": on.isoformat(), "attended": True}
    world.as_("coordination-311").post(f"/partners/agent/structures/{structure}/trainings", training)


def _rights(world: World, structure: UUID, on: date) -> int:
    query = "SELECT count(*) AS n FROM partner_rights WHERE structure_id = %s AND from_on = %s"
    counted: int = world.rows("referrals", query, structure, on)[0]["n"]
    return counted


def _comes_again(world: World, player: str) -> None:
    """Sign in anew, with password and authenticator."""
    authenticator = world.as_(player).authenticator
    assert authenticator is not None
    with closing(Portal(world.system.url)) as portal:
        portal.sign_in(EMAILS[player], PASSWORD, authenticator)
        assert portal.get("/gateway/anyone/session")["state"] == "open"


def test_the_database_goes_away_for_ten_seconds(world: World) -> None:
    pids = {name: world.system.process(name).pid for name in SERVICES}
    person = register(world.as_("fil-paul"))
    client = Insistent(world.system.url, world.as_("fil-paul"))
    body = {"person_id": person, "form": a_form()}
    filing = threading.Thread(target=client.post, args=(f"{OWN}/file", body))

    refused: list[tuple[httpx.Response, float]] = []
    with _down(world, "postgres"):
        end = time.monotonic() + DATABASE_AWAY_SECONDS
        filing.start()
        while time.monotonic() < end:
            for service in PAGES:
                started = time.monotonic()
                answer = _read(world, service)
                refused.append((answer, time.monotonic() - started))
            time.sleep(0.3)

    assert all(is_away(answer) for answer, _ in refused), [answer.text for answer, _ in refused]
    assert len(refused) >= len(PAGES)
    assert max(seconds for _, seconds in refused) < LONGEST_REFUSAL_SECONDS
    for service, (player, path) in PAGES.items():
        page = partial(answers, world, world.as_(player), path)
        eventually(page, f"{service} did not come back", seconds=30)
    filing.join(timeout=60)
    assert [act.receipt is not None for act in client.acts] == [True]
    assert {attempt.status for attempt in client.acts[0].attempts} <= {None, 201, 503, 504}
    assert len(client.acts[0].attempts) > 1, "the filing never met the outage"
    filed = world.rows("referrals", "SELECT id FROM requests WHERE person_id = %s", person)
    assert [str(row["id"]) for row in filed] == [client.acts[0].receipt["id"]]
    client.close()

    file(world.as_("ccas-yann"))
    assert world.as_("misas-nadia").get("/referrals/agent/my-day")
    _comes_again(world, "ccas-camille")
    _train(world, date(2026, 4, 1))
    caught_up(world)
    assert {name: world.system.process(name).pid for name in SERVICES} == pids, "a service died of the outage"


def test_partners_is_down(world: World) -> None:
    structure = world.company.structures["ccas-muret"]
    with _down(world, "partners"):
        assert is_away(_read(world, "partners"))
        assert _read(world, "gateway").is_success
        assert _read(world, "referrals").is_success
        _comes_again(world, "fil-amina")
        sent = file(world.as_("fil-paul"))
        taken = world.as_("misas-nadia").post(f"/referrals/agent/requests/{sent['id']}/take", if_match=sent["version"])
        assert taken["version"] > sent["version"]
    eventually(lambda: _read(world, "partners").is_success or None, "partners did not come back", seconds=60)
    _train(world, date(2026, 4, 2))
    _within_a_minute(lambda: _rights(world, structure, date(2026, 4, 2)) == 1)
    caught_up(world)


def test_referrals_is_down(world: World) -> None:
    structure = world.company.structures["ccas-muret"]
    with _down(world, "referrals"):
        assert is_away(_read(world, "referrals"))
        with pytest.raises(Refused, match=": 503 "):
            world.as_("fil-paul").post(f"{OWN}/file", {})
        assert _read(world, "gateway").is_success
        assert _read(world, "partners").is_success
        assert world.as_("fil-amina").get("/partners/partner/colleagues")["items"]
        _comes_again(world, "escale-rosa")
        _train(world, date(2026, 4, 3))
        assert _rights(world, structure, date(2026, 4, 3)) == 0
    _within_a_minute(lambda: _rights(world, structure, date(2026, 4, 3)) == 1)
    caught_up(world)
    assert _read(world, "referrals").is_success
    file(world.as_("fil-paul"))


def test_the_gateway_is_down_and_sessions_survive_it(world: World) -> None:
    was = world.system.process("gateway").pid
    with _down(world, "gateway"):
        with pytest.raises(httpx.TransportError):
            _read(world, "gateway")
        for service in (name for name in SERVICES if name != "gateway"):
            port = world.system.settings.port_of(service)
            assert httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5).json()["status"] == "ready"
    back(world, "gateway", was)
    for service in PAGES:
        assert _read(world, service).is_success
    _train(world, date(2026, 4, 4))
    caught_up(world)
    assert _troubles(world) == {service: [] for service in SERVICES}


def _within_a_minute(done: Callable[[], bool]) -> None:
    eventually(lambda: done() or None, "not caught up after a minute", seconds=CAUGHT_UP_SECONDS)


def _troubles(world: World) -> dict[str, Any]:
    """Return what each service says keeps it from working, once that has settled."""

    def look() -> dict[str, Any] | None:
        found = {}
        with suppress(httpx.TransportError):
            for service in SERVICES:
                port = world.system.settings.port_of(service)
                found[service] = httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5).json()["troubles"]
            return None if any(found.values()) else found
        return None

    return eventually(look, "a service still reports trouble", seconds=CAUGHT_UP_SECONDS)
