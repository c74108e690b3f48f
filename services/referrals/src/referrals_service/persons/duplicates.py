"""Are two records one person? Proposed with reasons, decided by people, never merged by a machine. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from referrals_service.persons.codes import DuplicateReason

CLOSE: Final = 0.90
"""Jaro-Winkler similarity from which two folded names count as close: one or two letters apart."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is compared of a record; names are folded keys, `number` a blind index, `phone` in E.164."""

    id: UUID
    last_name: str
    birth_name: str | None
    first_names: str
    birth_on: date
    phone: str | None
    numbers: frozenset[bytes]


def reasons(one: Likeness, other: Likeness) -> tuple[DuplicateReason, ...]:
    """Return why the two may be one person, the strongest first; empty when nothing suggests it.

    The order of the two does not matter. A birth name counts as a family name (marriage), and first and
    family names given in the other order are recognised.
    """
    found = []
    if one.numbers & other.numbers:
        found.append(DuplicateReason.SAME_NUMBER)
    if one.birth_on == other.birth_on:
        if _same_name(one, other):
            found.append(DuplicateReason.SAME_NAME_AND_BIRTH)
        elif _close_name(one, other):
            found.append(DuplicateReason.CLOSE_NAME_AND_BIRTH)
        if one.phone is not None and one.phone == other.phone:
            found.append(DuplicateReason.SAME_PHONE_AND_BIRTH)
    return tuple(found)


def _family_names(person: Likeness) -> set[str]:
    return {person.last_name} | ({person.birth_name} if person.birth_name else set())


def _same_name(one: Likeness, other: Likeness) -> bool:
    same_family = _family_names(one) & _family_names(other)
    if same_family and _first(one.first_names) == _first(other.first_names):
        return True
    return one.last_name == other.first_names and one.first_names == other.last_name


def _close_name(one: Likeness, other: Likeness) -> bool:
    family = max(similarity(a, b) for a in _family_names(one) for b in _family_names(other))
    straight = min(family, similarity(_first(one.first_names), _first(other.first_names)))
    crossed = min(similarity(one.last_name, other.first_names), similarity(one.first_names, other.last_name))
    return max(straight, crossed) >= CLOSE


def _first(first_names: str) -> str:
    return first_names.split(" ", 1)[0]


def similarity(a: str, b: str) -> float:
    """Return the Jaro-Winkler similarity of two folded names, from 0 (nothing shared) to 1 (equal)."""
    if a == b:
        return 1.0
    jaro = _jaro(a, b)
    prefix = 0
    for x, y in zip(a[:4], b[:4], strict=False):
        if x != y:
            break
        prefix += 1
    return jaro + prefix * 0.1 * (1 - jaro)


def _jaro(a: str, b: str) -> float:
    if not a or not b:
        return 0.0
    reach = max(len(a), len(b)) // 2 - 1
    taken = [False] * len(b)
    from_a = []
    for i, letter in enumerate(a):
        for j in range(max(0, i - reach), min(len(b), i + reach + 1)):
            if not taken[j] and b[j] == letter:
                taken[j] = True
                from_a.append(letter)
                break
    shared = len(from_a)
    if shared == 0:
        return 0.0
    from_b = [letter for j, letter in enumerate(b) if taken[j]]
    swapped = sum(x != y for x, y in zip(from_a, from_b, strict=True)) / 2
    return (shared / len(a) + shared / len(b) + (shared - swapped) / shared) / 3
