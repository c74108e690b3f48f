"""Campaigns of a caisse: lists brought in by its manager, people called by its advisers, each with an answer."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final

from embedded.demo.accounts import Company
from embedded.demo.cast import Caisse
from embedded.demo.people import somebody
from embedded.demo.portal import Portal, eventually

_AGENT: Final = "/referrals/agent"
_CAMPAIGNS: Final = (
    ("Sans médecin traitant, plus de 70 ans", "population", "elderly", 9),
    ("Aucun remboursement de soins dentaires depuis trois ans", "query", None, 8),
)
_CALLS: Final = ("no_answer", "voicemail", "call_back", "declined")


def campaign(company: Company, caisse: Caisse, seed: int) -> None:
    """Open two campaigns, import their lists, and make the first calls: one agreement, the ordinary ends, the rest."""
    manager = company.sessions[caisse.with_role("coordinateur")[0].key]
    adviser = company.sessions[caisse.with_role("conseiller_misas")[0].key]
    draw, today = Random(seed), datetime.now(UTC).date()  # noqa: S311 - a story, not a secret
    for name, mode, population, people in _CAMPAIGNS:
        period = {"from_on": today.isoformat(), "until_on": (today + timedelta(days=90)).isoformat()}
        opened = manager.post(f"{_AGENT}/campaigns", {"name": name, "mode": mode, "population": population} | period)
        content = _list(draw, caisse.department, today, people, 70 if population == "elderly" else 18)
        sent = manager.send_file(f"{_AGENT}/imports/detections?mode={opened['id']}", content)
        manager.post(f"{_AGENT}/imports/detections/{sent['id']}/confirm", if_match=sent["version"])
        _wait(manager, sent["id"])
        waiting = adviser.get(f"{_AGENT}/detections?campaign={opened['id']}")["items"]
        for line, outcome in zip(waiting, _CALLS, strict=False):
            adviser.post(f"{_AGENT}/detections/{line['id']}/calls", {"outcome": outcome}, if_match=line["version"])
        agreed = waiting[len(_CALLS)]
        form = {
            "kind": "misas_referral",
            "scopes": ["acces_soins"],
            "motives": ["orienter_ps"],
            "best_time": "le matin",
        }
        adviser.post(f"{_AGENT}/detections/{agreed['id']}/agree", {"form": form}, if_match=agreed["version"])


def _list(draw: Random, department: str, today: date, people: int, youngest: int) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(
        ["Civilité", "Prénoms", "Nom", "Date de naissance", "Téléphone", "Adresse", "Code postal", "Commune"]
    )
    latest = today - timedelta(days=youngest * 366)
    for _ in range(people):
        drawn = somebody(draw, department, today, with_nir=False)
        while drawn.birth_on > latest:
            drawn = somebody(draw, department, today, with_nir=False)
        contact = drawn.person["contact"]
        address = contact["address"]
        writer.writerow(
            [
                drawn.person["civility"],
                drawn.person["first_names"],
                drawn.person["last_name"],
                f"{drawn.birth_on:%d/%m/%Y}",
                contact["phone"],
                address["lines"][0],
                address["postcode"],
                address["city"],
            ]
        )
    return text.getvalue().encode("utf-8")


def _wait(manager: Portal, work_id: str) -> None:
    def look() -> bool | None:
        return manager.get(f"{_AGENT}/works/{work_id}")["state"] not in {"waiting", "running"} or None

    eventually(look, "a list stands still")
