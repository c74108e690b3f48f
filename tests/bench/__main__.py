"""`python tests/bench`: measured against promised, in one run, on this machine.

`--volume` is the number of persons and requests of the full-size rows (a million by default).
"""

import argparse
import asyncio
import itertools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import psutil
import psycopg
from pydantic import TypeAdapter

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import promises
from bench.direct import second_referrals
from bench.load import Call, Load, press
from bench.peer_process import Peer, running_peer
from bench.person_volume import fill as fill_persons
from bench.person_volume import searches_by_name, searches_by_nir
from bench.promises import Promise
from bench.request_volume import fill as fill_requests
from bench.request_volume import numbers
from journeys.filing import a_form

from embedded.demo.accounts import Company, found_caisse
from embedded.demo.cast import HAUTE_GARONNE
from embedded.system import RunSettings, System
from referrals_service.persons.vault import Vault
from servicekit import migrations
from servicekit.access import Audience
from servicekit.testing import a_token, an_actor

ROUNDS = 3
FILE = "/api/v1/referrals/partner/requests/file"
LIST = "/api/v1/referrals/partner/requests"


@dataclass
class Bench:
    """The running product, the peer, and what has been measured."""

    system: System
    company: Company
    database: psycopg.Connection[Any]
    peer: Peer
    direct_url: str
    persons: Iterator[UUID] = field(default_factory=lambda: iter(()))
    kept: list[bool] = field(default_factory=list)

    @property
    def structure(self) -> UUID:
        """Return the structure that files."""
        return self.company.structures["le-fil"]

    def headers(self) -> dict[str, str]:
        """Return what the browser of the partner sends."""
        portal = self.company.sessions["fil-paul"]
        return portal.cookie | {"X-CSRF": "1", "Origin": self.system.url}

    def through_gateway(self, method: str, path: str, body: Callable[[], Any] | None = None) -> Call:
        """Return a call as the partner's browser makes it."""
        headers = self.headers()

        async def call(http: aiohttp.ClientSession) -> int:
            keyed = headers | ({"Idempotency-Key": str(uuid4())} if method == "POST" else {})
            sent = body() if body else None
            async with http.request(method, self.system.url + path, json=sent, headers=keyed) as answer:
                await answer.read()
                return answer.status

        return call

    def direct(self, path: str, purpose: str, body: Callable[[], Any]) -> Call:
        """Return the same call straight to the service, with a token of the bench's."""
        actor = an_actor(
            Audience.PARTNER, "partner_user", sub=str(self.company.accounts["fil-paul"]), structure=self.structure
        )

        async def call(http: aiohttp.ClientSession) -> int:
            bearer = {
                "Authorization": f"Bearer {a_token(actor, 'referrals', purpose)}",
                "Idempotency-Key": str(uuid4()),
            }
            async with http.post(self.direct_url + path, json=body(), headers=bearer) as answer:
                await answer.read()
                return answer.status

        return call

    def at_peer(self, method: str, path: str, body: Any = None) -> Call:
        """Return a call to the peer."""
        headers = {"Authorization": f"Token {self.peer.token}"}

        async def call(http: aiohttp.ClientSession) -> int:
            keyed = headers | ({"Idempotency-Key": str(uuid4())} if method == "POST" else {})
            async with http.request(method, self.peer.url + path, json=body, headers=keyed) as answer:
                await answer.read()
                return answer.status

        return call

    def filing(self) -> dict[str, Any]:
        """Return a filing for a person that has none yet."""
        return {"person_id": str(next(self.persons)), "form": a_form()}

    def say(self, promise: Promise, measured: float, note: str = "") -> None:
        """Print one promise beside its measure."""
        kept = promise.kept(measured)
        self.kept.append(kept)
        sign = "≥" if promise.side == "at_least" else "≤"
        print(
            f"{'kept  ' if kept else 'MISSED'}  {promise.area:<11} {promise.what:<66} "
            f"{measured:8.2f} {promise.unit:<2} (promised {sign} {promise.limit:g}){'  ' + note if note else ''}",
            flush=True,
        )


def alternate(calls: list[tuple[Call, int]]) -> list[list[Load]]:
    """Press each call in turn, several rounds, so that a drift of the machine touches all alike."""
    loads: list[list[Load]] = [[] for _ in calls]
    for _ in range(ROUNDS):
        for rank, (call, count) in enumerate(calls):
            loads[rank].append(asyncio.run(press(call, count)))
    return loads


def middle(loads: list[Load], of: str = "per_second") -> float:
    """Return the median of one figure over the rounds."""
    figures: list[float] = [getattr(load, of) for load in loads]
    return statistics.median(figures)


def front_door(bench: Bench) -> None:
    """Filing, against the peer and against the service alone; the processor time that the gateway adds."""
    body = {"person_id": str(bench.peer.person_id), "form": a_form()}
    gateway = psutil.Process(bench.system.process("gateway").pid)
    calls = [
        (bench.at_peer("POST", "/bare", body), 400),
        (bench.at_peer("POST", "/equal", body), 300),
        (bench.direct(FILE, "referral.submit", bench.filing), 300),
    ]
    through = bench.through_gateway("POST", FILE, bench.filing)
    asyncio.run(press(through, 100))
    loads = alternate([*calls, (through, 300)])
    bare, equal, direct, ours = (middle(some) for some in loads)
    rates = f"[{ours:.0f}/s, direct {direct:.0f}/s; peer bare {bare:.0f}/s, equal {equal:.0f}/s]"
    bench.say(promises.FILING_BARE, ours / bare, rates)
    bench.say(promises.FILING_EQUAL, ours / equal)
    bench.say(promises.GATEWAY_THROUGHPUT, ours / direct)
    before = _cpu(gateway)
    asyncio.run(press(through, 300))
    bench.say(promises.GATEWAY_CPU, (_cpu(gateway) - before) / 300 * 1000)


def _cpu(process: psutil.Process) -> float:
    user, system = process.cpu_times()[:2]
    return float(user) + float(system)


def lists(bench: Bench, grow: Callable[[], None]) -> None:
    """The own list of fifty: against the peer at ten thousand, then against itself at full size."""
    ours, peers = bench.through_gateway("GET", LIST), bench.at_peer("GET", "/list")
    asyncio.run(press(ours, 50))
    at_peer, small = alternate([(peers, 200), (ours, 200)])
    bench.say(
        promises.LIST_PEER,
        middle(small) / middle(at_peer),
        f"[{middle(small):.0f}/s; peer {middle(at_peer):.0f}/s]",
    )
    grow()
    asyncio.run(press(ours, 50))
    [large] = alternate([(ours, 200)])
    ratio = middle(large, "p99_ms") / middle(small, "p99_ms")
    bench.say(promises.LIST_SCALE, ratio, f"[{middle(small, 'p99_ms'):.0f} → {middle(large, 'p99_ms'):.0f} ms]")


def searches(bench: Bench) -> None:
    """Search at full size, as an adviser and as a partner do, one person at a time."""
    adviser = bench.company.sessions["misas-nadia"]
    headers = adviser.cookie | {"X-CSRF": "1", "Origin": bench.system.url}

    def search(bodies: list[dict[str, str]]) -> Call:
        turns = itertools.cycle(bodies)

        async def call(http: aiohttp.ClientSession) -> int:
            url = f"{bench.system.url}/api/v1/referrals/agent/persons/search"
            async with http.post(url, json=next(turns), headers=headers) as answer:
                await answer.read()
                return answer.status

        return call

    for promise, bodies in (
        (promises.SEARCH_NAME, searches_by_name(300)),
        (promises.SEARCH_NIR, searches_by_nir(300)),
    ):
        bench.say(promise, asyncio.run(press(search(bodies), 300, connections=1)).p95_ms)
    found = itertools.cycle(numbers(bench.database, "311", bench.structure, 300))
    own = bench.headers()

    async def by_number(http: aiohttp.ClientSession) -> int:
        async with http.get(f"{bench.system.url}{LIST}?q={next(found)}", headers=own) as answer:
            await answer.read()
            return answer.status

    bench.say(promises.SEARCH_NUMBER, asyncio.run(press(by_number, 300, connections=1)).p95_ms)


def feed(bench: Bench) -> None:
    """How long until a training recorded in partners opens its right in referrals."""
    desk = bench.company.sessions["coordination-311"]
    structure = bench.company.structures["ml-comminges"]
    delays = []
    for _ in range(20):
        seen = _cursor(bench)
        started = time.perf_counter()
        body = {"kind": "webinar", "on": "2026-03-12", "attended": True}
        desk.post(f"/partners/agent/structures/{structure}/trainings", body)
        while _cursor(bench) == seen:
            time.sleep(0.005)
        delays.append((time.perf_counter() - started) * 1000)
    delays.sort()
    bench.say(promises.FEED_VISIBLE, delays[int(len(delays) * 0.95)])


def _cursor(bench: Bench) -> Any:
    row = bench.database.execute("SELECT cursor FROM cursors WHERE source = 'partners'").fetchone()
    bench.database.rollback()
    return row


def run(volume: int) -> bool:
    """Measure everything; tell whether every promise was kept."""
    os.environ["ALLER_READING_BUDGET"] = '{"soft_per_hour": 100000000, "hard_per_day": 100000000}'
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings = RunSettings.on_free_ports(folder, "demonstration").model_copy(update={"durable": True})
        system = stack.enter_context(System(settings))
        company = Company(system.url, system.data_dir / "outbox")
        stack.callback(company.close)
        found_caisse(company, system.environment_of("partners")["ALLER_DATABASE_URL"], HAUTE_GARONNE)
        url = migrations.database_url(system.admin_url, "referrals_service").replace("+psycopg", "")
        database = stack.enter_context(psycopg.connect(url))
        peer = stack.enter_context(running_peer(system.admin_url))
        direct_url = stack.enter_context(second_referrals(system))
        bench = Bench(system, company, database, peer, direct_url)
        environment = system.environment_of("referrals")
        vault = _vault(environment)
        own, others = bench.structure, [uuid4() for _ in range(199)]
        fill_persons(database, vault, caisse="311", structures=[own], count=10_000)
        bench.persons = iter(
            [row[0] for row in database.execute("SELECT id FROM persons WHERE created_by = 'bench'").fetchall()]
        )
        database.rollback()
        front_door(bench)

        def grow() -> None:
            fill_persons(database, vault, caisse="311", structures=[own, *others], count=volume, seed=2)
            print(f"        … {fill_requests(database, '311'):,} requests", flush=True)

        fill_requests(database, "311")
        lists(bench, grow)
        searches(bench)
        feed(bench)
        return all(bench.kept)


def _vault(environment: dict[str, str]) -> Vault:
    keys = TypeAdapter(dict[str, str]).validate_json(environment["ALLER_NIR_KEYS"])
    return Vault.of_hex(keys, environment["ALLER_NIR_KEY_ID"], environment["ALLER_NIR_INDEX_KEY"])


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--volume", type=int, default=1_000_000)
    sys.exit(0 if run(arguments.parse_args().volume) else 1)
