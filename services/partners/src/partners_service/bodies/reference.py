"""The reference files of the package, read into rows. Pure but for reading them.

`data/regions.csv`, `departements.csv`, `caisses.csv`, `carsat.csv` are kept as they were collected, with the
source and the certainty of each line. `VERSION` goes up with every change of them or of this reading: a
database takes a version once, and never goes back to an older one (an old process restarted in the middle of
a release must not undo what a new one loaded).
"""

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from partners_service.codes import BodyKind, UnitKind
from servicekit.workdays import zone_of

VERSION: Final = 1
FILES: Final = ("regions.csv", "departements.csv", "caisses.csv", "carsat.csv")

Row = dict[str, Any]

# CRAMIF stands in both files: in `caisses.csv` under its official number, in `carsat.csv` as the social
# service it is. It receives nobody as a caisse, so it is one body, under its code of the second file.
_NOT_A_CAISSE: Final = "CRAMIF"
_SEAT: Final = "siege"
_UNITS_OF_A_CAISSE: Final[Mapping[UnitKind, str]] = {
    UnitKind.CAS: "Coordination Action Sociale",
    UnitKind.MISAS: "Mission Accompagnement Santé",
    UnitKind.ASS: "Action Sanitaire et Sociale",
    UnitKind.LUP: "Ligne Urgence Précarité",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """Every row of the reference tables, by table, ready to be written in this order."""

    tables: Mapping[str, Sequence[Row]]


def fingerprint() -> str:
    """Return the SHA-256 of the files, line endings apart."""
    digest = hashlib.sha256()
    for name in FILES:
        digest.update(_text(name).replace("\r\n", "\n").encode())
    return digest.hexdigest()


def read() -> Reference:
    """Read the files; LookupError when they contradict each other."""
    departments = {row["code"]: row for row in _rows("departements.csv")}
    services = {row["name"]: row for row in _rows("carsat.csv")}
    caisses = [row for row in _rows("caisses.csv") if row["type"] != _NOT_A_CAISSE]
    tables: dict[str, list[Row]] = {
        "regions": [_only(row, "code", "name", "zone", "source") for row in _rows("regions.csv")],
        "departments": [
            _only(row, "code", "name", "zone", "source") | {"region": row["region_code"]}
            for row in departments.values()
        ],
        "bodies": [],
        "body_departments": [],
        "sites": [],
        "units": [],
    }
    for row in services.values():
        _add_social_service(tables, row, departments)
    for row in caisses:
        _add_caisse(tables, row, services[row["social_service_body"]]["code"])
    return Reference(tables)


def _add_social_service(
    tables: dict[str, list[Row]], row: Mapping[str, str], departments: Mapping[str, Mapping[str, str]]
) -> None:
    code = row["code"]
    served = row["department_codes"].split("|")
    tables["bodies"].append(
        _body(code, BodyKind.SOCIAL_SERVICE, row, served, certainty=row["certainty"], social_service=None)
    )
    for department in served:
        place = departments[department]["name"]
        site = f"d{department.lower()}"
        unit = f"ss_{department.lower()}"
        tables["body_departments"].append({"body": code, "department": department})
        tables["sites"].append({"body": code, "code": site, "name": place, "department": department})
        tables["units"].append(
            {"body": code, "code": unit, "kind": UnitKind.SS, "name": f"Service social – {place}", "site": site}
        )


def _add_caisse(tables: dict[str, list[Row]], row: Mapping[str, str], social_service: str) -> None:
    code = row["code"]
    served = row["department_code"].split("|")
    kind = BodyKind(row["type"].lower())
    tables["bodies"].append(
        _body(code, kind, row, served, certainty=row["certainty_code"], social_service=social_service)
        | {"official_code": code}
    )
    tables["body_departments"] += [{"body": code, "department": department} for department in served]
    tables["sites"].append({"body": code, "code": _SEAT, "name": "Siège", "department": served[0]})
    tables["units"] += [
        {"body": code, "code": str(unit), "kind": unit, "name": name, "site": _SEAT}
        for unit, name in _UNITS_OF_A_CAISSE.items()
    ]


def _body(
    code: str,
    kind: BodyKind,
    row: Mapping[str, str],
    served: Sequence[str],
    *,
    certainty: str,
    social_service: str | None,
) -> Row:
    return {
        "code": code,
        "kind": kind,
        "name": row["name"],
        "official_code": None,
        "social_service": social_service,
        "time_zone": zone_of(served[0]).key,
        "source": row["source"],
        "certainty": certainty,
        "closed_on": None,
    }


def _only(row: Mapping[str, str], *columns: str) -> Row:
    return {column: row[column] for column in columns}


def _rows(name: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(_text(name).splitlines())


def _text(name: str) -> str:
    return (files("partners_service") / "data" / name).read_text(encoding="utf-8")
