"""The partner desk brings in a directory it kept in a spreadsheet, with its mistakes, and takes a copy out."""

import csv
import io
from datetime import UTC, datetime
from typing import Final

from embedded.demo.accounts import Company
from embedded.demo.cast import Caisse
from embedded.demo.portal import Portal, eventually

_TOWNS: Final = (
    ("Muret", "31600"),
    ("Colomiers", "31770"),
    ("Tournefeuille", "31170"),
    ("Blagnac", "31700"),
    ("Saint-Gaudens", "31800"),
    ("Revel", "31250"),
    ("Fronton", "31620"),
    ("Cazères", "31220"),
)
_SORTS: Final = (("Centre social", "Centre social"), ("Mairie", "Mairie"), ("Solidarité", "Association"))
_WRONG: Final = {5: ("SIRET", "12345678901234"), 11: ("Code postal", "3l700"), 17: ("Type", "Club")}


def bring_in(company: Company, caisse: Caisse) -> None:
    """Import two dozen prospects, three of them with a mistake, then ask for an export of the structures."""
    desk = company.sessions[caisse.with_role("coordinateur")[0].key]
    sent = desk.send_file("/partners/agent/imports/structures?mode=prospect", _spreadsheet())
    desk.post(f"/partners/agent/imports/structures/{sent['id']}/confirm", if_match=sent["version"])
    _wait(desk, sent["id"])
    assert desk.authenticator is not None  # noqa: S101 - enrolled when the person joined
    desk.post("/gateway/me/step-up/totp", {"code": desk.authenticator.at(datetime.now(UTC), counter_offset=1)})
    reason = "Préparer la réunion de réseau du semestre"
    _wait(desk, desk.post("/partners/agent/exports/structures", {"reason": reason, "form": "xlsx"})["id"])


def _wait(desk: Portal, work_id: str) -> None:
    def look() -> bool | None:
        return desk.get(f"/partners/agent/works/{work_id}")["state"] not in {"waiting", "running"} or None

    eventually(look, "a work stands still")


def _spreadsheet() -> bytes:
    text = io.StringIO(newline="")
    writer: csv.DictWriter[str] | None = None
    for rank in range(len(_TOWNS) * len(_SORTS)):
        (town, postcode), (name, kind) = _TOWNS[rank % len(_TOWNS)], _SORTS[rank // len(_TOWNS)]
        row = {
            "Nom": f"{name} de {town}",
            "Type": kind,
            "SIRET": _siret(rank),
            "Adresse": f"{rank + 1} avenue de la Gare",
            "Code postal": postcode,
            "Commune": town,
            "Département": "31",
            "Courriel": f"contact@structure{rank}.example",
            "Prénom du référent": "Dominique",
            "Nom du référent": "Martin",
            "Fonction du référent": "Responsable",
        }
        if rank in _WRONG:
            heading, typed = _WRONG[rank]
            row[heading] = typed
        if writer is None:
            writer = csv.DictWriter(text, list(row), delimiter=";")
            writer.writeheader()
        writer.writerow(row)
    return text.getvalue().encode("cp1252")


def _siret(rank: int) -> str:
    siren = _with_key(f"88{rank:06d}")
    return _with_key(f"{siren}0001")


def _with_key(digits: str) -> str:
    """Return digits followed by the one that makes them valid (Luhn)."""
    doubled = sum(sum(divmod(int(digit) * (2 - rank % 2), 10)) for rank, digit in enumerate(reversed(digits)))
    return f"{digits}{-doubled % 10}"
