"""A register at full size: persons with real keys, sealed numbers and grants, and the searches people make.

Names follow a long-tailed distribution, as families do: a search by the beginning of a common name must skip
many. Nobody real; the same seed makes the same register.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate, islice
from typing import Any
from uuid import UUID

import psycopg

from referrals_service.persons.codes import IdentifierKind
from referrals_service.persons.identifiers import Number
from referrals_service.persons.vault import Place, Vault
from referrals_service.texts import fold
from servicekit.db import new_id


def _words(text: str) -> list[str]:
    return text.split()


_BEGIN = _words(
    "Ba Be Bou Car Cha Da Del Du Fa Fer Ga Gi Gue Ha Jou La Le Lo Ma Mar Mé Mo Na Pa Pé Ra Ri Ro Sa Si Ta Va"
)
_MIDDLE = _words("b bin c cha d dri fi g gna l lé lin m mer mi n nar nou r ran ri s sa si t té ti tou v vi z")
_END = _words("a aud é eau el er et i ier in o on ot ou oux y")
_FIRST = _words(
    "Amina Bernard Camille Claire Daniel Élodie Fatima Gérard Hugo Ibrahim Inès Jean Jeanne Karim Léa Louis Lucie "
    "Marie Martine Mehdi Michel Nadia Nathalie Noé Olivier Paul Philippe Rachid Sarah Sofia Sylvie Thomas Yanis Zoé"
)
_AT = datetime(2026, 1, 5, 8, tzinfo=UTC)

_PERSON = (
    "caisse, id, number, structure_id, version, first_names, last_name, birth_name, first_names_key, last_name_key, "
    "birth_name_key, birth_on, sex, phone, phone_kind, address_lines, postcode, city, department, preferred_channel, "
    "language, interpreter, adults, children_born_on, created_by, created_at, updated_at"
)
_IDENTIFIER = "caisse, id, person_id, structure_id, kind, from_at, recorded_by"
_NUMBER = "caisse, identifier_id, person_id, structure_id, key_id, content, blind_index, masked"
_GRANT = "caisse, id, person_id, structure_id, holder_kind, holder, purpose, from_at, granted_by"
_TABLES = (
    ("persons", _PERSON),
    ("person_identifiers", _IDENTIFIER),
    ("person_numbers", _NUMBER),
    ("person_grants", _GRANT),
)
_AT_ONCE = 20_000
_key = lru_cache(maxsize=None)(fold)


@dataclass(frozen=True)
class Someone:
    """What the generator knows of a person, to look for them afterwards."""

    rank: int
    first_name: str
    last_name: str
    birth_name: str | None
    birth_on: date
    nir: str


def people(count: int, seed: int = 1) -> Iterator[Someone]:
    """Yield `count` people; the same ones for the same seed."""
    draw = random.Random(seed)
    families = [f"{b}{m}{e}" for b in _BEGIN for m in _MIDDLE for e in _END]
    draw.shuffle(families)
    weights = list(accumulate(1 / (rank + 10) for rank in range(len(families))))
    for rank in range(count):
        last, birth = draw.choices(families, cum_weights=weights, k=2)
        female = draw.random() < 0.5
        born_on = date(1935, 1, 1) + timedelta(days=draw.randrange(365 * 85))
        place = f"{draw.randrange(1, 96):02d}{draw.randrange(1, 990):03d}"
        body = f"{2 if female else 1}{born_on:%y%m}{place}{rank % 999 + 1:03d}"
        yield Someone(
            rank=rank,
            first_name=draw.choice(_FIRST),
            last_name=last,
            birth_name=birth if female and draw.random() < 0.5 else None,
            birth_on=born_on,
            nir=f"{body}{97 - int(body) % 97:02d}",
        )


def fill(
    connection: psycopg.Connection[Any],
    vault: Vault,
    *,
    caisse: str,
    structures: Sequence[UUID],
    count: int,
    seed: int = 1,
) -> None:
    """Fill the register of `caisse`, shared among `structures`; needs a superuser's connection to its database.

    Every person has a sealed NIR and is open to the structure that registered them. A million takes a few
    minutes. Ends with ANALYZE.
    """
    first = _first_free_number(connection, count)
    # Rows made whole here need no check of their foreign keys, four million of them.
    connection.execute("SET LOCAL session_replication_role = replica")
    everybody = people(count, seed)
    while some := list(islice(everybody, _AT_ONCE)):
        rows = [_rows(someone, vault, caisse, structures[someone.rank % len(structures)], first) for someone in some]
        for part, (table, columns) in enumerate(_TABLES):
            with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row[part])
    connection.commit()
    connection.execute("ANALYZE persons, person_identifiers, person_numbers, person_grants")
    connection.commit()


def _first_free_number(connection: psycopg.Connection[Any], count: int) -> int:
    row = connection.execute("SELECT setval('person_number', nextval('person_number') + %s)", (count,)).fetchone()
    assert row is not None
    return int(row[0]) - count


def _rows(someone: Someone, vault: Vault, caisse: str, structure: UUID, first: int) -> tuple[Sequence[Any], ...]:
    person, identifier = new_id(), new_id()
    number = Number(IdentifierKind.NIR, someone.nir)
    sealed = vault.seal(number, Place(caisse, person, identifier, IdentifierKind.NIR))
    birth_key = None if someone.birth_name is None else _key(someone.birth_name)
    phone = f"+336{someone.rank:08d}"
    return (
        [
            *(caisse, person, first + someone.rank, structure, 1),
            *(someone.first_name, someone.last_name, someone.birth_name),
            *(_key(someone.first_name), _key(someone.last_name), birth_key, someone.birth_on),
            *("female" if someone.nir[0] == "2" else "male", phone, "own_mobile"),
            *(["1 rue de la République"], "31000", "Toulouse", "31", "phone", "fr", False, 1, [], "bench", _AT, _AT),
        ],
        [caisse, identifier, person, structure, "nir", _AT, "bench"],
        [caisse, identifier, person, structure, sealed.key_id, sealed.content, sealed.blind_index, number.masked],
        [caisse, new_id(), person, structure, "structure", str(structure), "referral.follow", _AT, "bench"],
    )


def searches_by_name(count: int, seed: int = 1) -> list[dict[str, str]]:
    """Return what people type: a few letters of a family name, often with a first name or a birth date."""
    draw = random.Random(seed)
    bodies = []
    for someone in people(count, seed):
        body = {"last_name": someone.last_name[: draw.randrange(2, 7)]}
        kind = draw.random()
        if kind < 0.4:
            body["first_name"] = someone.first_name[: draw.randrange(2, 5)]
        elif kind < 0.6:
            body["birth_on"] = someone.birth_on.isoformat()
        bodies.append(body)
    return bodies


def searches_by_nir(count: int, seed: int = 1) -> list[dict[str, str]]:
    """Return searches by a whole number."""
    return [{"identifier": someone.nir} for someone in people(count, seed)]
