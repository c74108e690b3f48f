"""Identifiers: known numbers pass, any single wrong digit does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners_service import identifiers

LA_POSTE_HEAD_OFFICE = "35600000000048"


def luhn_completed(digits: str) -> str:
    """Return `digits` followed by the key that the definition of Luhn gives, computed the long way."""
    total = 0
    for rank, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if rank % 2 == 0 else 1)
        total += sum(int(d) for d in str(doubled))
    return digits + str(-total % 10)


sirens = st.from_regex(r"[0-9]{8}", fullmatch=True).map(luhn_completed)
sirets = st.tuples(sirens, st.from_regex(r"[0-9]{4}", fullmatch=True)).map(lambda t: luhn_completed(t[0] + t[1]))
finess_numbers = st.from_regex(r"[0-9]{8}", fullmatch=True).map(luhn_completed)


@pytest.mark.parametrize("known", ["750712184", "310781406", "690781810", "130786049"])
def test_known_finess_numbers_pass(known: str) -> None:
    assert identifiers.finess(known) == known


@pytest.mark.parametrize(
    ("typed", "number"),
    [("2a0000123", "2A0000123"), ("2B 000 456 7", "2B0004567"), ("31 078 140 6", "310781406")],
)
def test_finess_is_written_in_one_way_and_corsica_is_checked_by_format(typed: str, number: str) -> None:
    assert identifiers.finess(typed) == number


@pytest.mark.parametrize("wrong", ["750712185", "75071218", "7507121844", "2C0000123", "2A00001234", "٣١٠٧٨١٤٠٦", ""])
def test_wrong_finess_numbers_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="FINESS"):
        identifiers.finess(wrong)


@pytest.mark.parametrize("known", ["73282932000074", LA_POSTE_HEAD_OFFICE, "35600000049837"])
def test_known_sirets_pass_la_poste_included(known: str) -> None:
    assert identifiers.siret(f"{known[:3]} {known[3:6]} {known[6:9]}\u00a0{known[9:]}") == known


@pytest.mark.parametrize("wrong", ["73282932000075", "7328293200007", "35600000012347", "١٢٣٤٥٦٧٨٩٠١٢٣٤", "", "abc"])
def test_wrong_sirets_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="SIRET"):
        identifiers.siret(wrong)


@given(sirets)
def test_every_siret_built_by_the_definition_passes(number: str) -> None:
    if not number.startswith("356000000"):
        assert identifiers.siret(number) == number


@given(sirets, st.integers(0, 13), st.integers(1, 9))
def test_no_single_wrong_digit_of_a_siret_passes(number: str, rank: int, shift: int) -> None:
    wrong = number[:rank] + str((int(number[rank]) + shift) % 10) + number[rank + 1 :]
    if not wrong.startswith("356000000"):
        with pytest.raises(ValueError, match="SIRET"):
            identifiers.siret(wrong)


@given(finess_numbers, st.integers(0, 8), st.integers(1, 9))
def test_no_single_wrong_digit_of_a_finess_number_passes(number: str, rank: int, shift: int) -> None:
    assert identifiers.finess(number) == number
    wrong = number[:rank] + str((int(number[rank]) + shift) % 10) + number[rank + 1 :]
    with pytest.raises(ValueError, match="FINESS"):
        identifiers.finess(wrong)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_answered_or_refused_in_french(typed: str) -> None:
    for check in (identifiers.siret, identifiers.finess, identifiers.email):
        try:
            assert check(typed)
        except ValueError as refusal:
            message = str(refusal)
            assert message.endswith(".")
            assert len(typed) < 4 or typed not in message


@pytest.mark.parametrize("good", ["camille.roux@ccas-muret.fr", "x+y@sous.domaine.asso.fr", " A.B@Caisse.FR "])
def test_professional_addresses_pass(good: str) -> None:
    assert identifiers.email(good) == good.strip()
    assert identifiers.email_key(good) == good.strip().lower()


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "x",
        "x@y",
        "x y@z.fr",
        "x@-z.fr",
        "x@z..fr",
        "<x@z.fr>",
        "a@b.fr,c@d.fr",
        "x@z.fr\nBcc: y",
        "a\ud800b@z.fr",
        "a\x00b@z.fr",
    ],
)
def test_other_addresses_are_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="adresse"):
        identifiers.email(bad)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CCAS de Saint-Étienne", "ccas  de saint etienne"),
        ("Association L'Œuvre & Co", "association l oeuvre et co"),
    ],
)
def test_names_are_the_same_whatever_the_accents_and_the_punctuation(one: str, other: str) -> None:
    assert identifiers.name_key(one) == identifiers.name_key(other) == other.replace("  ", " ")


@given(st.text())
def test_the_key_of_a_name_is_its_own_key(name: str) -> None:
    key = identifiers.name_key(name)
    assert identifiers.name_key(key) == key
