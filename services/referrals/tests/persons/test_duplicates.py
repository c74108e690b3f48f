"""Duplicates are proposed with reasons; what merely shares a day of birth is not."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals_service.persons.codes import DuplicateReason
from referrals_service.persons.duplicates import Likeness, reasons, similarity
from referrals_service.texts import fold

NUMBER, NAME, CLOSE, PHONE = (
    DuplicateReason.SAME_NUMBER,
    DuplicateReason.SAME_NAME_AND_BIRTH,
    DuplicateReason.CLOSE_NAME_AND_BIRTH,
    DuplicateReason.SAME_PHONE_AND_BIRTH,
)
AMINA = Likeness(
    id=UUID(int=1),
    last_name=fold("Benali"),
    birth_name=fold("Haddad"),
    first_names=fold("Amina Zohra"),
    birth_on=date(1985, 3, 12),
    phone="+33612345678",
    numbers=frozenset({b"n1"}),
)
STRANGER = Likeness(
    id=UUID(int=2),
    last_name=fold("Lacoste"),
    birth_name=None,
    first_names=fold("Yves"),
    birth_on=date(1985, 3, 12),
    phone=None,
    numbers=frozenset(),
)


def like_amina(**changed: object) -> Likeness:
    bare = replace(AMINA, id=UUID(int=3), phone=None, numbers=frozenset())
    return replace(bare, **changed)  # type: ignore[arg-type]  # each test names real fields


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (like_amina(), (NAME,)),
        (like_amina(first_names=fold("Amina")), (NAME,)),
        (like_amina(last_name=fold("HADDAD"), birth_name=None), (NAME,)),  # known by the birth name
        (like_amina(last_name=fold("Amina Zohra"), first_names=fold("Benali"), birth_name=None), (NAME,)),
        (like_amina(last_name=fold("Bénali"), first_names=fold("Aminata")), (CLOSE,)),
        (like_amina(last_name=fold("Ben Ali"), birth_name=None), (CLOSE,)),
        (like_amina(last_name=fold("Benhali"), birth_name=None), (CLOSE,)),
        (like_amina(birth_on=date(1985, 12, 3)), ()),
        (like_amina(numbers=frozenset({b"n0", b"n1"}), birth_on=date(1985, 12, 3)), (NUMBER,)),
        (replace(STRANGER, phone="+33612345678"), (PHONE,)),
        (replace(STRANGER, phone="+33612345678", birth_on=date(2001, 1, 1)), ()),
        (like_amina(first_names=fold("Karim")), ()),  # a twin: same names, same day, another first name
        (STRANGER, ()),
        (replace(AMINA, id=UUID(int=9)), (NUMBER, NAME, PHONE)),
    ],
)
def test_reasons(other: Likeness, expected: tuple[DuplicateReason, ...]) -> None:
    assert reasons(AMINA, other) == expected
    assert reasons(other, AMINA) == expected


def test_no_phone_and_no_number_are_not_shared() -> None:
    assert reasons(STRANGER, replace(like_amina(), birth_on=STRANGER.birth_on)) == ()


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [("martha", "marhta", 0.961), ("dwayne", "duane", 0.840), ("dixon", "dicksonx", 0.813), ("abc", "xyz", 0.0)],
)
def test_known_similarities(a: str, b: str, expected: float) -> None:
    assert similarity(a, b) == pytest.approx(expected, abs=0.001)


@given(st.text(max_size=30), st.text(max_size=30))
def test_similarity_is_symmetric_bounded_and_reflexive(a: str, b: str) -> None:
    assert 0 <= similarity(a, b) <= 1
    assert similarity(a, b) == pytest.approx(similarity(b, a))
    assert similarity(a, a) == 1
