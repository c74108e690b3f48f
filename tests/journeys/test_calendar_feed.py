"""The secret address of a calendar, through the real gateway, as a calendar program reads it: without a session."""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from journeys.filing import a_person, register
from world import World

from embedded.demo.portal import Portal, Refused, eventually
from servicekit import clock

pytestmark = pytest.mark.system

AGENDA = "/accompaniments/agent"
TRIES = 20
"""Unknown addresses that one network address may ask for in five minutes."""
SAID = {
    "BEGIN:VEVENT",
    "UID",
    "DTSTAMP",
    "CREATED",
    "SEQUENCE",
    "DTSTART",
    "DTEND",
    "SUMMARY",
    "CLASS:CONFIDENTIAL",
    "TRANSP:OPAQUE",
    "END:VEVENT",
}


@dataclass(frozen=True)
class Followed:
    """A calendar with an appointment in it, and the address under which it is followed."""

    token: str
    feed: str
    person: dict[str, Any]
    ids: list[str]
    appointment: str


@pytest.fixture(scope="module")
def anyone(world: World) -> Iterator[httpx.Client]:
    """Return what a calendar program is: a client that nobody signed in."""
    with httpx.Client(base_url=f"{world.system.url}/api/v1/gateway/anyone/calendar", timeout=15) as client:
        yield client


def _once_followed(portal: Portal, path: str, body: dict[str, Any]) -> dict[str, Any]:
    def ask() -> dict[str, Any] | None:
        try:
            answer: dict[str, Any] = portal.post(path, body)
        except Refused:
            return None
        return answer

    return eventually(ask, f"{path} stayed refused")


@pytest.fixture(scope="module")
def followed(world: World) -> Followed:
    """Book for somebody with needs in a calendar of one's own, and open an address for it."""
    desk, sender = world.as_("coordination-311"), world.as_("fil-paul")
    said = {"kind": "adviser", "label": "Agenda suivi", "place": "3 impasse du Secret"}
    calendar = _once_followed(desk, f"{AGENDA}/calendars", said)
    today = clock.system_now().date()
    rules = [
        {"weekday": n, "from_time": "00:00", "until_time": "23:55", "from_on": today.isoformat()} for n in range(7)
    ]
    desk.put(f"{AGENDA}/calendars/{calendar['id']}/availability", {"rules": rules}, calendar["version"])
    kind = desk.post(
        f"{AGENDA}/kinds", {"label": "Bilan des droits", "mode": "home_visit", "calendars": ["adviser"], "minutes": 30}
    )
    person = a_person(last_name="Introuvable")
    person_id, request_id = register(sender, person), str(uuid4())
    at = clock.system_now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=2)
    booked = _once_followed(
        desk,
        f"{AGENDA}/appointments",
        {
            "calendar_id": calendar["id"],
            "kind_id": kind["id"],
            "starts_at": at.isoformat(),
            "person_id": person_id,
            "request_id": request_id,
            "subject": "invalidite",
            "interpreter": True,
            "language": "ar",
            "accessibility": True,
        },
    )
    token = secrets.token_urlsafe(32)
    hashed = hashlib.sha256(token.encode()).hexdigest()
    feed = desk.post(f"{AGENDA}/calendars/{calendar['id']}/feeds", {"token_sha256": hashed})
    return Followed(token, feed["id"], person, [person_id, request_id, calendar["id"]], booked["id"])


def test_it_says_when_and_what_kind_and_nothing_of_who(anyone: httpx.Client, followed: Followed) -> None:
    answer = anyone.get(f"/{followed.token}.ics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer.headers["cache-control"]
    assert "set-cookie" not in answer.headers
    lines = answer.text.split("\r\n")
    event = lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT") + 1]
    assert {line if line in SAID else line.split(":")[0] for line in event} == SAID, "a property nobody decided"
    assert f"SUMMARY:RDV {followed.appointment[-8:].upper()} · Bilan des droits" in event
    told = answer.text.casefold()
    whole = answer.text.replace("-", "").casefold()
    for part in (followed.person["last_name"], followed.person["contact"]["phone"], "secret", "invalid", "interpr"):
        assert part.casefold() not in told
    for known in followed.ids:
        assert known.replace("-", "") not in whole


def test_a_revoked_address_answers_as_one_that_never_was(
    world: World, anyone: httpx.Client, followed: Followed
) -> None:
    unknown = anyone.get(f"/{secrets.token_urlsafe(32)}.ics")
    world.as_("coordination-311").post(f"{AGENDA}/calendar-feeds/{followed.feed}/revoke")
    revoked = anyone.get(f"/{followed.token}.ics")
    assert unknown.status_code == revoked.status_code == 404
    assert unknown.json()["type"] == "/problems/calendar-feed-not-found"

    def shown(answer: httpx.Response) -> dict[str, Any]:
        return {name: value for name, value in answer.json().items() if name not in {"txn", "instance"}}

    assert shown(unknown) == shown(revoked)
    varying = {"date", "x-request-id", "content-length", "traceparent"}
    assert {n: v for n, v in unknown.headers.items() if n not in varying} == {
        n: v for n, v in revoked.headers.items() if n not in varying
    }


def test_guessing_waits_and_learns_nothing_from_a_right_guess_meanwhile(world: World, anyone: httpx.Client) -> None:
    """Last: it leaves this network address waiting."""
    desk = world.as_("coordination-311")
    calendar = desk.get(f"{AGENDA}/calendars")["items"][0]["id"]
    token = secrets.token_urlsafe(32)
    hashed = hashlib.sha256(token.encode()).hexdigest()
    desk.post(f"{AGENDA}/calendars/{calendar}/feeds", {"token_sha256": hashed})
    assert anyone.get(f"/{token}.ics").status_code == 200
    answers = [anyone.get(f"/{secrets.token_urlsafe(32)}.ics") for _ in range(TRIES + 1)]
    assert answers[0].status_code == 404
    assert answers[-1].status_code == 429
    assert 0 < int(answers[-1].headers["retry-after"]) <= 300
    assert anyone.get(f"/{token}.ics").status_code == 429, "a right guess must not be told from a wrong one"
    assert desk.get(f"{AGENDA}/calendars")["items"], "who is signed in does not wait"
