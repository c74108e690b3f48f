"""People who do not exist: names drawn apart from one another, numbers that no registry has given.

A NIR here is well formed and its key is right, so every check passes, but its commune is one that no
department has: it cannot be anybody's.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from random import Random
from typing import Any

from stdnum.fr import nir as civil_repertory

NAMES = json.loads((files("embedded.demo") / "names.json").read_text(encoding="utf-8"))
PLACES = {
    "31": [
        ("31000", "Toulouse"),
        ("31600", "Muret"),
        ("31700", "Blagnac"),
        ("31770", "Colomiers"),
        ("31800", "Saint-Gaudens"),
    ],
    "75": [("75018", "Paris"), ("75019", "Paris"), ("75020", "Paris")],
}
FICTION = {"31": "05 36 49", "75": "01 99 00"}
LANGUAGES = [("fr", False)] * 16 + [("ar", True), ("ro", True), ("pt", False), ("es", False), ("fsl", True)]

_NOTHING: dict[str, list[str]] = {}
NEEDS = [_NOTHING] * 6 + [
    {"access_needs": ["easy_to_read"]},
    {"access_needs": ["step_free_access", "accompanied"]},
    {"cautions": ["no_voice_message", "person_only"], "safe_moments": ["weekday_morning"]},
]


@dataclass(frozen=True)
class Somebody:
    """A person of the demonstration, as the register is told of them."""

    sex: str
    first_names: str
    last_name: str
    birth_on: date
    person: dict[str, Any]

    @property
    def phone(self) -> str:
        """Return the number to call."""
        phone: str = self.person["contact"]["phone"]
        return phone


def somebody(draw: Random, department: str, on: date, *, with_nir: bool) -> Somebody:
    """Draw a person living in `department`, aged 16 to 90 on that day."""
    sex = draw.choice(["female", "male"])
    birth_on = on - timedelta(days=draw.randint(16 * 366, 90 * 365))
    first, last = draw.choice(NAMES["first_names"][sex]), draw.choice(NAMES["last_names"])
    postcode, city = draw.choice(PLACES[department])
    language, interpreter = draw.choice(LANGUAGES)
    children = [
        {"birth_on": (on - timedelta(days=draw.randint(200, 17 * 365))).isoformat()}
        for _ in range(draw.choice([0, 0, 0, 1, 1, 2, 3]))
    ]
    identifier = (
        {"kind": "nir", "value": _nir(draw, sex, birth_on, department)}
        if with_nir
        else {"kind": "none", "none_reason": draw.choice(["unknown_to_person", "never_registered"])}
    )
    person = {
        "civility": "madame" if sex == "female" else "monsieur",
        "first_names": first,
        "last_name": last,
        "birth_on": birth_on.isoformat(),
        "sex": sex,
        "identifier": identifier,
        "contact": {
            # Ranges that the numbering plan reserves for fiction: these never ring at anybody's.
            "phone": f"{FICTION[department]} {draw.randint(0, 99):02} {draw.randint(0, 99):02}",
            "phone_kind": "own_landline",
            "address": {
                "lines": [f"{draw.randint(1, 120)} {draw.choice(NAMES['streets'])}"],
                "postcode": postcode,
                "city": city,
                "department": department,
            },
            "preferred_channel": "phone",
            "language": language,
            "interpreter": interpreter,
            **draw.choice(NEEDS),
        },
        "household": {"adults": draw.choice([1, 1, 1, 2, 2, 3]), "children": children},
    }
    return Somebody(sex, first, last, birth_on, person)


def _nir(draw: Random, sex: str, birth_on: date, department: str) -> str:
    digit = "2" if sex == "female" else "1"
    body = f"{digit}{birth_on:%y%m}{department}{draw.randint(990, 999)}{draw.randint(1, 999):03}"
    return body + civil_repertory.calc_check_digits(body)
