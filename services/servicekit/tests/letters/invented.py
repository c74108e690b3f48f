"""A kind of letter, and letters of it, for the tests of the typesetter."""

from datetime import date
from typing import Any

from servicekit.letters.kinds import Day, Field, Kind, Money, Text
from servicekit.letters.snapshot import Letterhead, Snapshot

KIND = Kind(
    code="sample_letter",
    label="Lettre d’essai",
    addressee="person",
    fields=(
        Field("name", "Nom", "Vanessa KELLER"),
        Field("day", "Jour", Day(on=date(2026, 3, 12))),
        Field("amount", "Montant", Money(cents=123450)),
        Field("told", "Ce qui est dit", ("Premier paragraphe.", "Second paragraphe.")),
    ),
    shipped={"fr": Text("Votre demande du {{day}}", "Bonjour {{name}},\n\nNous vous devons {{amount}}.")},
    example_recipient=("Vanessa KELLER", "12 rue des Lilas", "31600 Muret"),
)

BODY = """Bonjour {{name}},

Votre demande du **{{day}}** est arrivée : voici la suite.
- nous vous *appelons* ;
- nous vous devons {{amount}}.

## Ce que nous disons
{{told}}

1. d'abord
2. ensuite

___ Date et signature"""


def a_snapshot(**changed: Any) -> Snapshot:
    """Return a letter that uses the whole markup, changed at will."""
    known: dict[str, Any] = {
        "kind": KIND.code,
        "language": "fr",
        "version": 1,
        "subject": "Votre demande du {{day}}",
        "body": BODY,
        "on": date(2026, 3, 12),
        "letterhead": Letterhead(
            name="CPAM de la Haute-Garonne",
            lines=("31093 Toulouse Cedex 9", "Tél. : 36 46"),
            place="Toulouse",
            signature=("La coordination",),
        ),
        "recipient": ("Vanessa KELLER", "12 rue des Lilas", "31600 Muret"),
        "reference": "311-2026-000123",
        "values": KIND.examples(),
    }
    return Snapshot(**known | changed)
