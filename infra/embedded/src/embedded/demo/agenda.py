"""The agenda of Haute-Garonne: advisers, reception points, the examination centre, a room, and appointments.

Two weeks back and two weeks ahead, in every state, booked by agents and by partners for the persons they know.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any, Final
from zoneinfo import ZoneInfo

from accompaniments_service.app import assemble
from accompaniments_service.settings import Settings
from embedded.demo.accounts import Company
from embedded.demo.backstage import Backstage, agent, partner, settings_of
from embedded.demo.cast import Caisse
from embedded.demo.portal import Refused
from servicekit import clock
from servicekit.access import Actor
from servicekit.workdays import DayKind, is_open

AGENT: Final = "/api/v1/accompaniments/agent"
PARTNER: Final = "/api/v1/accompaniments/partner"
ZONE: Final = ZoneInfo("Europe/Paris")
SINCE: Final = date(2026, 1, 5)
FOLLOWED_SECONDS: Final = 60

KINDS: Final[Mapping[str, dict[str, Any]]] = {
    "phone": {"label": "Entretien téléphonique", "mode": "phone", "calendars": ["adviser"], "minutes": 30},
    "office": {"label": "Bilan des droits", "mode": "office", "calendars": ["adviser"], "minutes": 45},
    "home": {"label": "Visite à domicile", "mode": "home_visit", "calendars": ["adviser"], "minutes": 90},
    "reception": {
        "label": "Rendez-vous à l'accueil",
        "mode": "office",
        "calendars": ["reception"],
        "minutes": 30,
        "notice_hours": 24,
        "open_to_partners": True,
    },
    "ces": {
        "label": "Examen de prévention en santé",
        "mode": "office",
        "calendars": ["ces"],
        "minutes": 120,
        "interpreter_minutes": 30,
        "notice_hours": 72,
        "open_to_partners": True,
    },
}
RECEPTION: Final = (("09:00", "12:00"), ("13:30", "16:30"))
OFFICE: Final = (("09:00", "12:30"), ("13:30", "17:00"))
WEEK: Final = range(5)


@dataclass(frozen=True)
class _Agenda:
    """What the agenda holds, by name."""

    service: Backstage
    manager: Actor
    adviser: Actor
    kinds: Mapping[str, str]
    calendars: Mapping[str, str]
    today: date

    def open_day(self, offset: int) -> date:
        """Return the open day so many open days from today, past when negative."""
        day, left, step = self.today, abs(offset), timedelta(days=1 if offset > 0 else -1)
        while left:
            day += step
            left -= is_open(day, DayKind.OUVRE, "31")
        return day

    async def book(
        self, day: date, hour: str, calendar: str, kind: str, person: str, subject: str = "c2s", **more: Any
    ) -> dict[str, Any]:
        """Book for a person five days before, or now when that is still to come; answer the receipt."""
        start = datetime.combine(day, time_of_day.fromisoformat(hour), ZONE)
        at = min(start - timedelta(days=5), clock.now())
        body = {
            "calendar_id": self.calendars[calendar],
            "kind_id": self.kinds[kind],
            "starts_at": start.isoformat(),
            "person_id": person,
            "subject": subject,
        }
        return await _once_followed(self.service, at, self.adviser, f"{AGENT}/appointments", body | more)

    async def then(self, receipt: Mapping[str, Any], at: datetime, verb: str, body: Any = None) -> dict[str, Any]:
        """Do something to an appointment at an instant."""
        path = f"{AGENT}/appointments/{receipt['id']}/{verb}"
        return await self.service.post(min(at, clock.now()), self.adviser, path, body, receipt["version"])


async def plan(company: Company, environment: Mapping[str, str], caisse: Caisse) -> None:
    """Open the calendars of a caisse and fill some weeks of them."""
    app = assemble(Settings.ephemeral(**settings_of(Settings, environment)))
    service = Backstage(app, "accompaniments")
    manager = agent(company, caisse, caisse.with_role("coordinateur")[0])
    nadia, thomas = caisse.with_role("conseiller_misas")[:2]
    opened = datetime.combine(SINCE, time_of_day(), ZONE)
    kinds = {
        name: (await _once_followed(service, opened, manager, f"{AGENT}/kinds", kind))["id"]
        for name, kind in KINDS.items()
    }
    today = clock.today(ZONE)
    partners = {"open_to_partners": True}
    wanted: Mapping[str, tuple[dict[str, Any], Sequence[int], Sequence[tuple[str, str]]]] = {
        "nadia": (_held(company, nadia.key, "Nadia Benali"), WEEK, OFFICE),
        "thomas": (_held(company, thomas.key, "Thomas Lacaze"), range(4), OFFICE),
        "toulouse": (_point("Accueil de Toulouse", "1 rue de l'Exemple, Toulouse", 2) | partners, WEEK, RECEPTION),
        "muret": (_point("Accueil de Muret", "5 place des Essais, Muret", 1) | partners, (0, 1, 3), RECEPTION),
        "ces": (_ces() | partners, (0, 1, 2, 3), (("08:00", "12:00"),)),
        "room": ({"kind": "room", "label": "Salle Garonne", "place": "Siège, 2e étage"}, WEEK, (("08:00", "19:00"),)),
    }
    calendars = {}
    for name, (said, days, hours) in wanted.items():
        leave = [_leave(today)] if name == "thomas" else []
        calendars[name] = await _open(service, opened, manager, said, days, hours, leave)
    agenda = _Agenda(service, manager, agent(company, caisse, nadia), kinds, calendars, today)
    await _tell(agenda, _persons(company, nadia.key, "/referrals/agent/requests?state=accepted&assigned=me&limit=40"))
    structure = caisse.structures[0]
    sender = next(player for player in structure.people if player.role == "partner_user")
    known = _persons(company, sender.key, "/referrals/partner/requests?limit=40")
    await _tell_of_partner(agenda, partner(company, caisse, structure), known)
    await app.state.service.database.close()


def _held(company: Company, key: str, label: str) -> dict[str, Any]:
    return {"kind": "adviser", "label": label, "account": str(company.accounts[key]), "unit": "misas"}


def _point(label: str, place: str, capacity: int) -> dict[str, Any]:
    subjects = ["c2s", "ame", "invalidite", "numerique"]
    said = {"kind": "reception", "label": label, "place": place, "capacity": capacity, "subjects": subjects}
    return said | {"accessible": True}


def _ces() -> dict[str, Any]:
    place = "12 allée du Bilan, Toulouse"
    said = {"kind": "ces", "label": "Centre d'examens de santé", "place": place, "capacity": 4, "subjects": ["eps"]}
    return said | {"accessible": True}


def _leave(today: date) -> dict[str, Any]:
    first = today + timedelta(days=21)
    return {
        "kind": "closed",
        "reason": "leave",
        "from_on": first.isoformat(),
        "until_on": (first + timedelta(days=6)).isoformat(),
    }


async def _open(
    service: Backstage,
    at: datetime,
    manager: Actor,
    said: dict[str, Any],
    days: Sequence[int],
    hours: Sequence[tuple[str, str]],
    exceptions: list[dict[str, Any]],
) -> str:
    calendar = await _once_followed(service, at, manager, f"{AGENT}/calendars", said)
    rules = [
        {"weekday": day, "from_time": first, "until_time": last, "from_on": SINCE.isoformat()}
        for day in days
        for first, last in hours
    ]
    path = f"{AGENT}/calendars/{calendar['id']}/availability"
    await service.put(at, manager, path, {"rules": rules, "exceptions": exceptions}, calendar["version"])
    return str(calendar["id"])


async def _tell(agenda: _Agenda, persons: Sequence[str]) -> None:
    """Fill the adviser's weeks: what was held, missed, excused, cancelled, moved, and what is to come."""
    who = iter(persons)
    for offset, hour, kind, verb in (
        (-9, "09:00", "office", "see"),
        (-8, "10:30", "phone", "miss"),
        (-6, "14:00", "office", "see"),
        (-5, "09:30", "phone", "excuse"),
        (-3, "09:00", "home", "see"),
        (-2, "15:00", "phone", "miss"),
        (-1, "11:00", "phone", "see"),
    ):
        day = agenda.open_day(offset)
        receipt = await agenda.book(day, hour, "nadia", kind, next(who))
        await agenda.then(receipt, datetime.combine(day, time_of_day(19), ZONE), verb)
    for offset, hour, kind in (
        (1, "09:00", "phone"),
        (1, "10:00", "office"),
        (1, "14:30", "phone"),
        (2, "09:30", "home"),
        (2, "15:00", "phone"),
        (3, "11:00", "office"),
        (4, "09:00", "phone"),
        (6, "10:00", "phone"),
    ):
        await agenda.book(agenda.open_day(offset), hour, "nadia", kind, next(who))
    signed = await agenda.book(
        agenda.open_day(3), "14:00", "nadia", "office", next(who), interpreter=True, language="ar"
    )
    now = clock.now()
    to = {"starts_at": datetime.combine(agenda.open_day(5), time_of_day(14), ZONE).isoformat()}
    await agenda.then(signed, now, "move", to)
    given_up = await agenda.book(agenda.open_day(4), "15:00", "nadia", "phone", next(who))
    await agenda.then(given_up, now, "cancel", {"reason": "no_longer_needed", "for_person": True})
    ill = await agenda.book(agenda.open_day(2), "11:00", "thomas", "phone", next(who))
    await agenda.then(ill, now, "cancel", {"reason": "staff_absent", "for_person": False})
    for hour in ("08:00", "08:00", "10:00"):
        await agenda.book(_day_of(agenda, (0, 1, 2, 3)), hour, "ces", "ces", next(who), "eps")
    room = {"calendar_id": agenda.calendars["room"]}
    meeting = _at(agenda.open_day(1), 9)
    for body in (
        {"starts_at": meeting, "minutes": 120, "activity": "meeting"},
        {"starts_at": _at(agenda.open_day(3), 14), "minutes": 180, "activity": "training"},
        {
            "starts_at": _at(agenda.open_day(4), 9),
            "minutes": 240,
            "activity": "rental",
            "rental": {"organisation": "Association Le Fil", "contract_reference": "2026-014", "amount_cents": 12000},
        },
    ):
        await agenda.service.post(now, agenda.manager, f"{AGENT}/resource-bookings", room | body)


async def _tell_of_partner(agenda: _Agenda, actor: Actor, persons: Sequence[str]) -> None:
    """Let a structure book at the reception points, and one person not come."""
    now = clock.now()
    past = datetime.combine(_day_of(agenda, (0, 1, 3), ahead=-4), time_of_day(9), ZONE)
    for start, calendar, at in (
        (past, "muret", past - timedelta(days=6)),
        (_when(agenda, (0, 1, 3), 3, 10), "muret", now),
        (_when(agenda, WEEK, 4, 14), "toulouse", now),
    ):
        body = {
            "calendar_id": agenda.calendars[calendar],
            "kind_id": agenda.kinds["reception"],
            "starts_at": start.isoformat(),
            "person_id": persons[0 if start == past else 1],
            "subject": "c2s",
            "not_autonomous": True,
        }
        receipt = await _once_followed(agenda.service, at, actor, f"{PARTNER}/appointments", body)
        if start == past:
            await agenda.then(receipt, start + timedelta(hours=1), "miss")


def _when(agenda: _Agenda, weekdays: Sequence[int], ahead: int, hour: int) -> datetime:
    return datetime.combine(_day_of(agenda, weekdays, ahead), time_of_day(hour), ZONE)


def _at(day: date, hour: int) -> str:
    return datetime.combine(day, time_of_day(hour), ZONE).isoformat()


def _day_of(agenda: _Agenda, weekdays: Sequence[int], ahead: int = 2) -> date:
    """Return the first open day from `ahead` open days on, of one of these days of the week."""
    step = 1 if ahead > 0 else -1
    while agenda.open_day(ahead).weekday() not in weekdays:
        ahead += step
    return agenda.open_day(ahead)


def _persons(company: Company, player: str, path: str) -> list[str]:
    """Return the persons of somebody's requests, each once."""
    rows = company.sessions[player].get(path)["items"]
    return list(dict.fromkeys(row["person"]["id"] for row in rows if row["person"]))


async def _once_followed(service: Backstage, at: datetime, actor: Actor, path: str, body: Any) -> dict[str, Any]:
    """Act as soon as the service has heard of the caisse and of the person: it follows, a moment behind."""
    end = time.monotonic() + FOLLOWED_SECONDS
    while True:
        try:
            return await service.post(at, actor, path, body)
        except Refused as refused:
            behind = "/problems/person-not-found" in str(refused) or "/problems/unavailable" in str(refused)
            if not behind or time.monotonic() > end:
                raise
            await asyncio.sleep(0.2)
