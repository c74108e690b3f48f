"""T22: what people are called, where they live and what is told of them stays where it belongs.

Words that mean nothing are given wherever something may be typed, then looked for in whatever leaves the
registers: logs, journals, facts, stored answers, jobs, e-mails, the whole of the gateway.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from random import Random
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from journeys.filing import a_form, a_person
from world import World

from embedded.demo.people import somebody
from embedded.demo.portal import Portal, Refused, eventually
from embedded.system import PACKAGES

pytestmark = pytest.mark.system

SERVICES = tuple(PACKAGES)
OWN = "/referrals/partner/requests"
DESK = "/referrals/agent/requests"
AGENDA = "/accompaniments/agent"
KINDS = ("adviser", "room")
_TABLES = "SELECT relname AS name FROM pg_stat_user_tables WHERE schemaname = 'public' ORDER BY 1"
LEAVES_THE_REGISTERS = {
    "partners": {"facts", "journal", "idempotency", "transitions"},
    "referrals": {"facts", "journal", "idempotency", "queue_delays", "person_readings"},
    "accompaniments": {
        "facts",
        "journal",
        "idempotency",
        "known_persons",
        "partner_structures",
        "agent_assignments",
        "body_clocks",
        "calendar_rules",
        "calendar_exceptions",
        "calendar_feeds",
        "appointments",
        "appointment_events",
    },
}
"""Tables of codes, ids and hours; jobs and every table of the gateway are added to them."""


@dataclass(frozen=True)
class Canaries:
    """What was typed, by what it was."""

    words: dict[str, str]
    nir: str
    phone: str

    def needles(self) -> dict[str, set[str]]:
        """Return each canary as it might be found: as typed, folded, escaped, in hexadecimal."""
        digits, local = self.nir, self.phone.replace(" ", "")
        found = {name: _written(word) for name, word in self.words.items()}
        found["nir"] = {digits, digits[:13], _spaced(digits), digits[:13].encode().hex()}
        found["phone"] = {local[1:], self.phone, local[1:].encode().hex()}  # whatever country code went before
        return found


def _written(word: str) -> set[str]:
    folded = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    ways = {word, folded, quote(word), word.encode("unicode_escape").decode(), word.encode().hex()}
    return {way.casefold() for way in ways}


def _spaced(nir: str) -> str:
    return " ".join(re.findall(r"(.)(..)(..)(..)(...)(...)(..)", nir)[0])


def _some_canaries() -> Canaries:
    def odd(kind: str) -> str:
        # Letters only, so that it may be part of a name.
        return kind + "".join(chr(ord("a") + int(digit, 16)) for digit in uuid4().hex[:12])

    kinds = (
        "Zorglé Prenom Naissance Lieu Rue Ville Horaires Foyer Situation Detecteur Moment Soin Question Reponse Refus "
        "Recherche Adresse Parametre Brouillon Invalide Courriel Collegue Motdepasse Fonction Agenda Accueil Offre "
        "Locataire Contrat"
    )
    nir = somebody(Random(uuid4().int), "31", date(2026, 11, 1), with_nir=True).person["identifier"]["value"]
    tail = uuid4().int % 10_000
    return Canaries(
        words={kind.lower(): odd(kind) for kind in kinds.split()},
        nir=nir,
        phone=f"06 39 98 {tail // 100:02} {tail % 100:02}",
    )


def _person(canaries: Canaries) -> dict[str, Any]:
    word = canaries.words
    person = a_person(
        last_name=word["zorglé"],
        first_names=word["prenom"],
        birth_name=word["naissance"],
        birth_place=word["lieu"],
        identifier={"kind": "nir", "value": _spaced(canaries.nir)},
    )
    person["contact"] |= {
        "phone": canaries.phone,
        "email": f"{word['courriel']}@exemple.fr",
        "safe_hours": word["horaires"],
    }
    person["contact"]["address"] |= {"lines": [f"3 rue {word['rue']}"], "city": word["ville"]}
    person["household"]["note"] = word["foyer"]
    return person


@pytest.fixture(scope="module")
def canaries(world: World) -> Canaries:
    """Type canaries wherever the spine lets somebody type, rightly and wrongly."""
    found = _some_canaries()
    word = found.words
    sender, desk = world.as_("ccas-yann"), world.as_("misas-nadia")
    person = sender.post("/referrals/partner/persons", _person(found))

    draft = sender.post(OWN, {"kind": "misas_referral", "person_id": person["id"]})
    half = sender.put(
        f"{OWN}/{draft['id']}/form",
        {"kind": "misas_referral", "situation_note": word["brouillon"]},
        if_match=draft["version"],
    )
    form = a_form(
        situation_note=word["situation"],
        detector_note=word["detecteur"],
        best_time=word["moment"],
        phone=found.phone,
        renounced_care=[{"care_type": "dental", "detail": word["soin"], "reasons": ["out_of_pocket"]}],
    )
    whole = sender.put(f"{OWN}/{draft['id']}/form", form, if_match=half["version"])
    sent = sender.post(f"{OWN}/{draft['id']}/submit", if_match=whole["version"])

    taken = desk.post(f"{DESK}/{draft['id']}/take", if_match=sent["version"])
    desk.post(f"{DESK}/{draft['id']}/messages", {"text": word["question"]})
    sender.post(f"{OWN}/{draft['id']}/messages", {"text": word["reponse"]})
    _book(world, found, person["id"], draft["id"])
    _read_everything(world, person["id"], draft["id"], found)
    refusal = {"reason": "other_scheme", "orientation": "caf", "message": word["refus"]}
    desk.post(f"{DESK}/{draft['id']}/refuse", refusal, if_match=taken["version"])
    _be_wrong(world, found, person["id"])
    _invite(world, found)
    return found


def _book(world: World, canaries: Canaries, person_id: str, request_id: str) -> None:
    """See the person in a calendar named after somebody, move it, miss nothing; let a room to somebody outside."""
    desk, word = world.as_("coordination-311"), canaries.words
    kind = eventually(
        lambda: _unless_refused(
            desk,
            f"{AGENDA}/kinds",
            {"label": word["offre"], "mode": "home_visit", "calendars": ["adviser"], "minutes": 30},
        ),
        "the agenda did not open",
    )
    held, room = (_calendar(desk, {"kind": k, "label": word["agenda"], "place": word["accueil"]}) for k in KINDS)
    at = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=2)
    wanted = {"calendar_id": held, "kind_id": kind["id"], "starts_at": at.isoformat(), "person_id": person_id}
    wanted |= {"request_id": request_id, "subject": "c2s"}
    booked = eventually(lambda: _unless_refused(desk, f"{AGENDA}/appointments", wanted), "the person was not known")
    later = {"starts_at": (at + timedelta(hours=1)).isoformat(), "needs": {"interpreter": True, "language": "ar"}}
    path = f"{AGENDA}/appointments"
    moved = desk.post(f"{path}/{booked['id']}/move", later, if_match=booked["version"])
    desk.post(f"{AGENDA}/calendars/{held}/feeds", {"token_sha256": uuid4().hex * 2})
    assert moved["id"] in str(desk.get(f"{AGENDA}/calendars/{held}/week?from_on={at.date()}"))
    let = {"organisation": word["locataire"], "contract_reference": word["contrat"], "amount_cents": 12000}
    taken = {"calendar_id": room, "starts_at": at.isoformat(), "minutes": 60, "activity": "rental", "rental": let}
    desk.post(f"{AGENDA}/resource-bookings", taken)
    cancel = {"reason": "person_unavailable", "for_person": True}
    desk.post(f"{path}/{moved['id']}/cancel", cancel, if_match=moved["version"])


def _calendar(desk: Portal, said: dict[str, Any]) -> str:
    """Open a calendar that is never closed but on one day; return its id."""
    opened = desk.post(f"{AGENDA}/calendars", said)
    days = {"from_on": "2026-01-01", "from_time": "00:00", "until_time": "23:55"}
    away = {"kind": "closed", "reason": "leave", "from_on": "2027-01-02", "until_on": "2027-01-02"}
    hours = {"rules": [days | {"weekday": n} for n in range(7)], "exceptions": [away]}
    desk.put(f"{AGENDA}/calendars/{opened['id']}/availability", hours, opened["version"])
    return str(opened["id"])


def _unless_refused(portal: Portal, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
    try:
        answer: dict[str, Any] = portal.post(path, body)
    except Refused:
        return None
    return answer


def _read_everything(world: World, person_id: str, request_id: str, canaries: Canaries) -> None:
    sender, desk = world.as_("ccas-yann"), world.as_("misas-nadia")
    word = canaries.words
    shown = str(sender.get(f"{OWN}/{request_id}"))
    assert word["zorglé"].casefold() in shown.casefold(), "the canaries are not even where they belong"
    assert word["situation"] in shown
    assert word["reponse"] in str(desk.get(f"{DESK}/{request_id}"))
    desk.get(f"/referrals/agent/persons/{person_id}")
    desk.get(f"{DESK}?assigned=me")
    sender.get("/referrals/partner/home")
    for portal, side in ((sender, "partner"), (desk, "agent")):
        found = portal.post(f"/referrals/{side}/persons/search", {"last_name": word["zorglé"]})
        assert person_id in str(found)
        portal.post(f"/referrals/{side}/persons/search", {"last_name": word["recherche"]})
        portal.post(f"/referrals/{side}/persons/search", {"identifier": canaries.nir})


def _be_wrong(world: World, canaries: Canaries, person_id: str) -> None:
    """Send what is refused, and what looks like an accident: refusals must not repeat what they refuse."""
    word = canaries.words
    sender = world.as_("ccas-yann")
    body = _person(canaries)
    wrong: list[tuple[str, str, Any]] = [
        ("POST", "/referrals/partner/persons", body | {"birth_on": word["invalide"]}),
        ("POST", "/referrals/partner/persons", body | {word["invalide"]: word["invalide"]}),
        (
            "POST",
            "/referrals/partner/persons",
            body | {"identifier": {"kind": "nir", "value": canaries.nir[:13] + "00"}},
        ),
        ("POST", "/referrals/partner/persons", body | {"last_name": word["invalide"] + "\u0000"}),
        ("POST", f"{OWN}/file", {"kind": word["invalide"], "person_id": person_id, "form": a_form()}),
        (
            "POST",
            f"{OWN}/file",
            {"person_id": person_id, "form": a_form(phone=word["invalide"])},
        ),
        ("POST", f"{OWN}/{word['adresse']}/submit", {}),
        ("POST", f"/referrals/{word['adresse']}", {}),
        ("GET", f"{OWN}?q={quote(word['parametre'])}", None),
        ("GET", f"{OWN}?state={quote(word['parametre'])}&cursor={quote(word['parametre'])}", None),
        ("GET", f"/referrals/partner/persons/{word['adresse']}", None),
        ("GET", f"/{word['adresse']}?nir={canaries.nir}", None),
        (
            "POST",
            "/gateway/anyone/sign-in",
            {"email": f"{word['courriel']}@exemple.fr", "password": word["motdepasse"]},
        ),
        ("POST", "/gateway/anyone/password/forgotten", {"email": f"{word['courriel']}@exemple.fr"}),
        ("POST", "/gateway/anyone/sign-in", {"email": word["courriel"], "password": [word["motdepasse"]]}),
    ]
    ours = sender.cookie | {"Origin": world.system.url, "X-CSRF": "1"}
    with httpx.Client(base_url=f"{world.system.url}/api/v1", timeout=15) as http:
        for method, path, content in wrong:
            headers = ours | {"Idempotency-Key": str(uuid4()), "User-Agent": word["adresse"], "If-Match": '"1"'}
            answer = http.request(method, path, headers=headers, json=content)
            assert answer.status_code < 500, f"{method} {path}: {answer.text}"
        cut = f'{{"last_name": "{word["invalide"]}", '
        answer = http.post("/referrals/partner/persons", headers=ours | {"Idempotency-Key": str(uuid4())}, content=cut)
        assert answer.status_code in {400, 422}
    for service in ("partners", "referrals"):
        port = world.system.settings.port_of(service)
        httpx.get(f"http://127.0.0.1:{port}/{word['adresse']}", params={"nom": word["parametre"]})


def _invite(world: World, canaries: Canaries) -> None:
    """Invite a colleague: an account's name and job belong to partners, its address also to the e-mail's head."""
    word = canaries.words
    email = f"{word['collegue']}@ccas-muret.example"
    invited = {
        "email": email,
        "first_name": word["prenom"],
        "last_name": word["collegue"],
        "job_title": word["fonction"],
        "roles": ["partner_user"],
    }
    world.as_("ccas-camille").post("/partners/partner/invitations", invited)
    eventually(lambda: any(message["To"] == email for message in _mails(world)) or None, "no invitation left")


def _mails(world: World) -> Iterator[Any]:
    for path in (world.system.data_dir / "outbox").glob("*.eml"):
        yield message_from_bytes(path.read_bytes(), policy=policy.default)


def _hits(canaries: Canaries, text: str) -> list[str]:
    folded = text.casefold()
    return [name for name, ways in canaries.needles().items() if any(way.casefold() in folded for way in ways)]


def test_logs_hold_none_of_it(world: World, canaries: Canaries) -> None:
    logs = sorted((world.system.data_dir / "logs").glob("*"))
    assert {path.stem for path in logs} >= {"postgres", *SERVICES}
    read = {path.name: path.read_text(encoding="utf-8", errors="replace") for path in logs}
    assert any('"status": 422' in text or '"status":422' in text for text in read.values()), "refusals were not logged"
    assert {name: hits for name, text in read.items() if (hits := _hits(canaries, text))} == {}


def test_nothing_else_is_written_beside_the_databases(world: World, canaries: Canaries) -> None:
    databases = world.system.data_dir / "postgres"
    found: dict[str, list[str]] = {}
    for path in (p for p in world.system.data_dir.rglob("*") if p.is_file()):
        if databases in path.parents or path.suffix == ".eml":
            continue
        if hits := _hits(canaries, path.read_bytes().decode("latin-1")):
            found[path.name] = hits
    assert found == {}


def test_mails_hold_links_and_no_name(world: World, canaries: Canaries) -> None:
    found = []
    for message in _mails(world):
        body = message.get_body(("plain", "html"))
        heads = {name: value for name, value in message.items() if name != "To"}
        found += _hits(canaries, f"{body.get_content()} {heads} {message.as_string().replace(str(message['To']), '')}")
    assert found == []


@pytest.mark.parametrize("service", SERVICES)
def test_journals_facts_jobs_and_stored_answers_hold_codes_and_ids(
    world: World, canaries: Canaries, service: str
) -> None:
    tables = {row["name"] for row in world.rows(service, _TABLES)}
    if service != "gateway":
        known = LEAVES_THE_REGISTERS[service]
        assert known <= tables
        tables = known | {name for name in tables if name.startswith("procrastinate")}
    found = {}
    read = 0
    for table in sorted(tables):
        rows = world.rows(service, f'SELECT row_to_json(entry)::text AS entry FROM "{table}" AS entry')
        read += len(rows)
        if hits := _hits(canaries, "\n".join(row["entry"] for row in rows)):
            found[table] = hits
    assert read > 0, "there was nothing to search"
    assert found == {}


def test_a_number_is_nowhere_in_clear(world: World, canaries: Canaries) -> None:
    """In no table at all, those of the register included."""
    ways = canaries.needles()["nir"]
    found = []
    for service in SERVICES:
        for table in (row["name"] for row in world.rows(service, _TABLES)):
            rows = world.rows(service, f'SELECT row_to_json(entry)::text AS entry FROM "{table}" AS entry')
            if any(way in row["entry"] for row in rows for way in ways):
                found.append(f"{service}.{table}")
    assert found == []


def test_the_search_would_find_what_is_there(world: World, canaries: Canaries) -> None:
    """The register does hold the names: the tests above look with eyes that see."""
    rows = world.rows("referrals", "SELECT row_to_json(entry)::text AS entry FROM persons AS entry")
    seen = _hits(canaries, "\n".join(row["entry"] for row in rows))
    assert {"zorglé", "prenom", "naissance", "phone"} <= set(seen)
    invited = world.rows("partners", "SELECT row_to_json(entry)::text AS entry FROM accounts AS entry")
    agenda = [
        row["entry"]
        for table in ("calendars", "appointment_kinds", "rentals")
        for row in world.rows("accompaniments", f'SELECT row_to_json(entry)::text AS entry FROM "{table}" AS entry')
    ]
    assert {"agenda", "accueil", "offre", "locataire", "contrat"} <= set(_hits(canaries, "\n".join(agenda)))
    assert {"collegue", "fonction"} <= set(_hits(canaries, "\n".join(row["entry"] for row in invited)))


def test_metrics_are_closed_to_whoever_has_no_token(world: World) -> None:
    for service in SERVICES:
        port = world.system.settings.port_of(service)
        assert httpx.get(f"http://127.0.0.1:{port}/metrics").status_code == 401
    assert httpx.get(f"{world.system.url}/metrics").status_code == 401
