"""`kill -9` of each process in turn while people file referrals: nothing acknowledged is lost, nothing done twice."""

import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue

import pytest
from faults.clients import Insistent
from faults.recovery import back, caught_up, whole
from journeys.filing import a_form, a_person
from world import World

from embedded.demo.portal import eventually

pytestmark = [pytest.mark.system, pytest.mark.faults, pytest.mark.timeout(600)]

REFERRALS = 500
CLIENTS = ("ccas-yann", "fil-paul", "escale-hugo") * 4
NAME = "Essaidepanne"
DEPARTMENT = {"escale-hugo": "75"}
KILLED_AFTER = {"gateway": 40, "accompaniments": 90, "partners": 150, "referrals": 260, "postgres": 370}
"""Each process dies once so many referrals were acknowledged, all the others still to come."""

_COUNTED = "SELECT {of} AS id, count(*) AS n FROM {table} WHERE {of} = ANY(%s::uuid[]) AND {which} GROUP BY 1"


@dataclass
class Work:
    """What is left to file, and what was acknowledged."""

    left: SimpleQueue[int] = field(default_factory=SimpleQueue)
    filed: dict[str, str] = field(default_factory=dict)
    """Request by person, both as acknowledged."""
    over: threading.Event = field(default_factory=threading.Event)


def _file_until_done(work: Work, client: Insistent, department: str) -> None:
    with closing(client):
        while True:
            try:
                rank = work.left.get_nowait()
            except Empty:
                return
            person = client.post("/referrals/partner/persons", a_person(department, last_name=_name(rank)))
            body = {"person_id": person["id"], "form": a_form()}
            work.filed[person["id"]] = client.post("/referrals/partner/requests/file", body)["id"]


def _name(rank: int) -> str:
    return NAME + "".join(chr(ord("a") + int(digit)) for digit in str(rank))


def _suspend_and_reactivate(work: Work, client: Insistent, path: str, version: int) -> None:
    """Make facts that do not take effect twice unseen: each suspension adds a line to a journal of the gateway."""
    with closing(client):
        while not work.over.wait(0.4):
            version = client.post(f"{path}/suspend", {"reason": "absence"}, if_match=version)["version"]
            version = client.post(f"{path}/reactivate", None, if_match=version)["version"]


def _far_enough(work: Work, after: int, filing: Sequence[Future[None]]) -> bool | None:
    """Tell whether so many were filed, or a client failed: then waiting is over too."""
    return len(work.filed) >= after or any(one.done() for one in filing) or None


def test_nothing_acknowledged_is_lost_or_done_twice(world: World) -> None:
    whole(world)
    work = Work()
    for rank in range(REFERRALS):
        work.left.put(rank)
    colleagues = world.as_("ml-ines").get("/partners/partner/colleagues")["items"]
    jordan = next(person for person in colleagues if person["last_name"] == "Ribes")
    caught_up(world)
    told, effected = _told(world, jordan["id"]), _effected(world, jordan["id"])

    desk = Insistent(world.system.url, world.as_("ml-ines"))
    clients = [Insistent(world.system.url, world.as_(player)) for player in CLIENTS]
    path = f"/partners/partner/colleagues/{jordan['id']}"
    with ThreadPoolExecutor(len(clients) + 1) as pool:
        managing = pool.submit(_suspend_and_reactivate, work, desk, path, jordan["version"])
        filing = [
            pool.submit(_file_until_done, work, client, DEPARTMENT.get(player, "31"))
            for client, player in zip(clients, CLIENTS, strict=True)
        ]
        try:
            for name, after in KILLED_AFTER.items():
                eventually(partial(_far_enough, work, after, filing), "filing stands still", seconds=120)
                for one in filing:
                    if one.done():
                        one.result()
                assert len(work.filed) < REFERRALS, f"everything was filed before {name} could be killed"
                process = world.system.process(name)
                was = process.pid
                process.kill()
                back(world, name, was)
            for one in filing:
                one.result(timeout=180)
        finally:
            work.over.set()
        managing.result(timeout=180)
    whole(world)

    interrupted = Counter(attempt.status for client in clients for act in client.acts for attempt in act.attempts)
    assert interrupted[None] + interrupted[503] + interrupted[504] > 0, "nobody noticed any kill"
    _each_is_there_once(world, work.filed)
    _each_key_was_used_once(world, clients)
    _each_answer_is_journalled(world, [*clients, desk])
    caught_up(world)
    suspensions = sum(act.path.endswith("/suspend") for act in desk.acts)
    assert suspensions > 1
    assert _told(world, jordan["id"]) - told == suspensions
    assert _effected(world, jordan["id"]) - effected == suspensions


def _each_is_there_once(world: World, filed: dict[str, str]) -> None:
    """Compare what was acknowledged with the tables: itself, its history, its fact, its line of the journal."""
    assert len(filed) == len(set(filed.values())) == REFERRALS
    persons, requests = list(filed), list(filed.values())
    rows = world.rows("referrals", "SELECT id, person_id FROM requests WHERE person_id = ANY(%s::uuid[])", persons)
    assert {str(row["person_id"]): str(row["id"]) for row in rows} == filed
    assert len(rows) == REFERRALS, "a person was referred twice"
    assert world.rows("referrals", "SELECT count(*) AS n FROM persons WHERE id = ANY(%s::uuid[])", persons) == [
        {"n": REFERRALS}
    ]
    assert world.rows("referrals", "SELECT count(*) AS n FROM persons WHERE last_name ILIKE %s", f"{NAME}%") == [
        {"n": REFERRALS}
    ], "a person that nobody knows of was registered"

    once = dict.fromkeys(requests, 1)
    assert _count(world, "request_transitions", "request_id", "verb = 'submit'", requests) == once
    assert _count(world, "facts", "(subject->>'request')::uuid", "type = 'request.submitted'", requests) == once
    journal = "(SELECT unnest(resource_ids) AS resource_id, kind, action FROM journal) AS entries"
    assert _count(world, journal, "resource_id", "kind = 'change' AND action = 'request.file'", requests) == once
    assert _count(world, journal, "resource_id", "kind = 'change'", requests) == once
    assert _count(world, journal, "resource_id", "kind = 'change'", persons) == dict.fromkeys(persons, 1)


def _count(world: World, table: str, of: str, which: str, ids: Sequence[str]) -> dict[str, int]:
    rows = world.rows("referrals", _COUNTED.format(table=table, of=of, which=which), list(ids))
    return {str(row["id"]): row["n"] for row in rows}


def _each_key_was_used_once(world: World, clients: Sequence[Insistent]) -> None:
    keys = [act.key for client in clients for act in client.acts]
    rows = world.rows("referrals", "SELECT key, status FROM idempotency WHERE key = ANY(%s::uuid[])", keys)
    assert {str(row["key"]): row["status"] for row in rows} == dict.fromkeys(keys, 201)
    assert len(rows) == len(keys) == 2 * REFERRALS


def _each_answer_is_journalled(world: World, clients: Sequence[Insistent]) -> None:
    """Find every answer that left, whatever it said, in the gateway's journal of requests."""
    attempts = [attempt for client in clients for act in client.acts for attempt in act.attempts]
    answered = {attempt.txn: attempt.status for attempt in attempts if attempt.txn is not None}
    untraced = [attempt for attempt in attempts if attempt.status is not None and attempt.txn is None]
    assert {attempt.problem for attempt in untraced} <= {"/problems/journal-unavailable"}
    rows = world.rows("gateway", "SELECT txn, status FROM request_journal WHERE txn = ANY(%s::uuid[])", list(answered))
    assert {str(row["txn"]): row["status"] for row in rows} == answered
    assert len(rows) == len(answered), "an answer was journalled twice"


def _told(world: World, account_id: str) -> int:
    query = "SELECT count(*) AS n FROM facts WHERE type = 'account.suspended' AND subject->>'account' = %s"
    counted: int = world.rows("partners", query, account_id)[0]["n"]
    return counted


def _effected(world: World, account_id: str) -> int:
    query = "SELECT count(*) AS n FROM sign_in_events WHERE event = 'sessions.cut' AND account_id = %s"
    counted: int = world.rows("gateway", query, account_id)[0]["n"]
    return counted
