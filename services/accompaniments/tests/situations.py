"""Situations of the agenda: a caisse with its hours, its people, a partner and persons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx

from servicekit import clock
from servicekit.access import Actor, Audience
from servicekit.db import new_id
from servicekit.testing import ServiceUnderTest, an_actor

AGENT = "/api/v1/accompaniments/agent"
PARTNER = "/api/v1/accompaniments/partner"
NOW = datetime(2026, 3, 23, 7, tzinfo=UTC)
"""A Monday, 8 o'clock in Toulouse, six days before the clocks change."""
MORNING = {"from_time": "09:00", "until_time": "12:00", "from_on": "2026-01-01"}


@dataclass(slots=True)
class World:
    """The service at an instant, and what can be arranged in it through its own routes."""

    under_test: ServiceUnderTest
    at: datetime = NOW
    caisse: str = "311"

    async def settle(self, caisse: str = "311", department: str = "31", zone: str = "Europe/Paris") -> None:
        """Describe a body, as `partners` does."""
        await self.under_test.rows("INSERT INTO body_clocks VALUES (%s, %s, %s)", caisse, department, zone)

    async def send(
        self, actor: Actor, method: str, path: str, body: Any = None, *, if_match: int | None = None, **more: Any
    ) -> httpx.Response:
        """Call a route at the world's instant."""
        with clock.travel(self.at):
            return await self.under_test.client_as(actor).request(method, path, json=body, if_match=if_match, **more)

    async def get(self, actor: Actor, path: str, **parameters: Any) -> Any:
        """Read what must be readable."""
        return ok(await self.send(actor, "GET", path, params=parameters))

    async def post(self, actor: Actor, path: str, body: Any = None, if_match: int | None = None) -> Any:
        """Do what must be possible."""
        return ok(await self.send(actor, "POST", path, body, if_match=if_match))

    def agent(self, role: str = "conseiller_misas", **known: Any) -> Actor:
        """Return an agent of the caisse."""
        return an_actor(Audience.AGENT, role, caisse=self.caisse, **known)

    async def employ(self, actor: Actor) -> UUID:
        """Have the caisse know an agent's role, as `partners` tells it; return the assignment."""
        assignment = new_id()
        await self.under_test.rows(
            "INSERT INTO agent_assignments VALUES (%s, %s, %s, %s, %s, '2026-01-01', NULL, NULL)",
            actor.caisse,
            assignment,
            actor.account_id,
            actor.role,
            actor.unit,
        )
        return assignment

    @property
    def manager(self) -> Actor:
        """Return somebody who opens calendars."""
        return self.agent("coordinateur")

    async def structure(self, state: str = "active") -> Actor:
        """Return somebody acting for a partner structure."""
        actor = an_actor(Audience.PARTNER, "partner_user", caisse=self.caisse)
        await self.under_test.rows(
            "INSERT INTO partner_structures VALUES (%s, %s, %s)", self.caisse, actor.structure, state
        )
        return actor

    async def person(self, of: Actor | None = None) -> str:
        """Return a person whom the register announced."""
        person = uuid4()
        structure = of.structure if of else None
        await self.under_test.rows("INSERT INTO known_persons VALUES (%s, %s, %s)", self.caisse, person, structure)
        return str(person)

    async def calendar(
        self,
        *,
        rules: list[Mapping[str, Any]] | None = None,
        exceptions: list[Mapping[str, Any]] | None = None,
        **said: Any,
    ) -> str:
        """Open a calendar with its hours: Monday to Friday mornings unless told otherwise."""
        given = {"kind": "adviser", "label": "Conseillère 1"} | said
        opened = await self.post(self.manager, f"{AGENT}/calendars", given)
        weekly = [MORNING | {"weekday": n} for n in range(5)] if rules is None else rules
        hours = {"rules": weekly, "exceptions": exceptions or []}
        path = f"{AGENT}/calendars/{opened['id']}/availability"
        ok(await self.send(self.manager, "PUT", path, hours, if_match=opened["version"]))
        return str(opened["id"])

    async def kind(self, **said: Any) -> str:
        """Offer half an hour at the office, unless told otherwise."""
        given = {
            "label": "Rendez-vous au siège",
            "mode": "office",
            "calendars": ["adviser", "reception", "ces", "social_worker"],
            "minutes": 30,
            "open_to_partners": True,
            "notice_hours": 24,
            "horizon_days": 30,
        }
        return str((await self.post(self.manager, f"{AGENT}/kinds", given | said))["id"])

    async def reception(self, **said: Any) -> str:
        """Open a reception point to partners."""
        given: dict[str, Any] = {
            "kind": "reception",
            "label": "Accueil de Muret",
            "open_to_partners": True,
            "subjects": ["c2s", "ame"],
        }
        return await self.calendar(**(given | said))


def a_booking(calendar: str, kind: str, person: str, starts_at: datetime, **more: Any) -> dict[str, Any]:
    """Return a booking as an agent sends it."""
    return {
        "calendar_id": calendar,
        "kind_id": kind,
        "person_id": person,
        "starts_at": starts_at.isoformat(),
        "subject": "c2s",
    } | more


def local(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    """Return an hour of the wall in Toulouse in spring 2026 (UTC+1 until the 29th of March)."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Paris"))


def ok(answer: httpx.Response) -> Any:
    """Return the content of an answer that must be good."""
    assert answer.is_success, answer.text
    return answer.json()


def refusal(answer: httpx.Response) -> str:
    """Return which problem an answer is."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return str(answer.json()["type"]).removeprefix("/problems/")


def starts(slots: Mapping[str, Any], on: str) -> list[str]:
    """Return when the slots of a day start, in Toulouse."""
    zone = ZoneInfo("Europe/Paris")
    return [
        f"{datetime.fromisoformat(slot['starts_at']).astimezone(zone):%H:%M}"
        for day in slots["days"]
        if day["on"] == on
        for slot in day["slots"]
    ]
