"""The numbers: what is a NIR, what only looks like one, and what must never be shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import nir as civil_repertory

from referrals_service.persons import identifiers
from referrals_service.persons.codes import IdentifierKind, Sex
from referrals_service.persons.identifiers import NumberError, parse

NIR, NIA, NNP, MIG = IdentifierKind.NIR, IdentifierKind.NIA, IdentifierKind.NNP, IdentifierKind.MIG

departments = st.one_of(st.integers(1, 99).map(lambda n: f"{n:02d}"), st.sampled_from(["2A", "2B"]))
months = st.one_of(st.integers(1, 12), st.integers(20, 99)).map(lambda n: f"{n:02d}")


@st.composite
def civil_numbers(draw: st.DrawFn, sexes: str = "12") -> str:
    """Draw the fifteen characters of a well-formed number of the civil repertory."""
    body = (
        draw(st.sampled_from(sexes))
        + f"{draw(st.integers(0, 99)):02d}"
        + draw(months)
        + draw(departments)
        + f"{draw(st.integers(1, 999)):03d}"
        + f"{draw(st.integers(1, 999)):03d}"
    )
    return body + key_of(body)


def key_of(body: str) -> str:
    """Compute the key as the law words it, apart from the code under test."""
    digits = body.replace("2A", "19").replace("2B", "18") if body[5:7] in {"2A", "2B"} else body
    return f"{97 - int(digits) % 97:02d}"


@pytest.mark.parametrize(
    "number",
    ["255081416802538", "178059933010817", "295109912611193", "253072A07300443", "253072B07300470"],
)
def test_known_numbers_are_right(number: str) -> None:
    assert parse(NIR, number).value == number


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("284058832102530", "clé"),  # printed as an example with a wrong key; 32 is right
        ("255081416802539", "clé"),
        ("2550814168025", "15 caractères"),
        ("255001416802538", "forme"),  # month 00
        ("255131416802538", "forme"),  # month 13
        ("255191416802538", "forme"),  # month 19
        ("255080016802538", "forme"),  # department 00
        ("253072C07300443", "forme"),  # Corsica has 2A and 2B only
        ("255081400002538", "forme"),  # commune 000
        ("255081416800038", "forme"),  # rank 000
        ("355081416802538", "forme"),  # sex 3 is for a waiting number
        ("0" * 15, "forme"),
        ("２" * 14, "15 caractères"),
        ("", "15 caractères"),
    ],
)
def test_wrong_numbers_say_what_is_wrong_and_quote_nothing(number: str, why: str) -> None:
    with pytest.raises(NumberError, match=why) as refused:
        parse(NIR, number)
    assert number[:6] == "" or number[:6] not in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "number", "accepted"),
    [
        (NNP, "7131112345678", True),
        (NNP, "8031112345678", True),
        (NNP, "7331112345678", False),
        (NNP, "1131112345678", False),
        (NNP, "713111234567", False),
        (MIG, "5131112345678", True),
        (MIG, "6231112345678", True),
        (MIG, "5031112345678", False),
        (MIG, "71311123456789", False),
    ],
)
def test_provisional_numbers_have_a_shape_and_no_key(kind: IdentifierKind, number: str, accepted: bool) -> None:
    if accepted:
        assert parse(kind, number).value == number
    else:
        with pytest.raises(NumberError):
            parse(kind, number)


@given(civil_numbers())
def test_every_well_formed_number_passes_and_agrees_with_the_reference_library(number: str) -> None:
    parsed = parse(NIR, f" {number[0]} {number[1:3]}.{number[3:5]}-{number[5:7].lower()} {number[7:]}\u00a0")
    assert parsed.value == number
    assert civil_repertory.is_valid(number)
    assert parsed.sex is (Sex.MALE if number[0] == "1" else Sex.FEMALE)


@given(civil_numbers(), st.integers(0, 14), st.sampled_from("0123456789"))
def test_one_wrong_digit_never_passes(number: str, position: int, digit: str) -> None:
    spoilt = number[:position] + digit + number[position + 1 :]
    if spoilt == number or spoilt[5:7] != number[5:7]:
        return
    # 97 is prime, so one changed digit always changes the key. (A changed department may fall on Corsica,
    # whose letters count as other digits.)
    with pytest.raises(NumberError):
        parse(NIR, spoilt)


@given(civil_numbers("34"))
def test_waiting_numbers_of_people_being_registered_are_not_nir(number: str) -> None:
    assert parse(NIA, number).value == number
    with pytest.raises(NumberError):
        parse(NIR, number)


@given(civil_numbers())
def test_a_waiting_number_that_became_definitive_is_found_as_the_same(number: str) -> None:
    assert parse(NIA, number).indexed == parse(NIR, number).indexed


@given(civil_numbers())
def test_the_mask_shows_sex_and_year_only(number: str) -> None:
    masked = parse(NIR, number).masked
    assert masked == f"{number[0]} {number[1:3]} ** ** *** *** **"


def test_masks_of_provisional_numbers_and_spelling() -> None:
    assert parse(NNP, "7131112345678").masked == "7 1 *** ********"
    assert parse(NIR, "255081416802538").spaced == "2 55 08 14 168 025 38"


@given(civil_numbers())
def test_a_number_hides_from_repr(number: str) -> None:
    assert number not in repr(parse(NIR, number))
    assert number[3:] not in f"{parse(NIR, number)}"


@pytest.mark.parametrize(
    "text",
    [
        "Son numéro est le 255081416802538.",
        "n° 2 55 08 14 168 025 38, à rappeler",
        "n° 2 55 08 14 168 025 (clé inconnue)",
        "appt 2 2550814168025",
        "2.53.07.2A.073.004.43",
        "２55081416802538",
        "3 1 78 05 99 330 108 17",
    ],
)
def test_numbers_are_found_in_free_text(text: str) -> None:
    assert identifiers.appears_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Joindre au 06 12 34 56 78 ou au 05 61 00 00 00 le matin.",
        "SIRET 26310012400015, dossier 311-2026-000482",
        "IBAN FR76 3000 6000 0112 3456 7890 189",
        "255081416802539",  # the key is wrong
        "Née le 12/03/1985, 3 enfants de 2, 5 et 11 ans, loyer 612,45 €",
        "",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not identifiers.appears_in(text)


@given(st.text(max_size=300))
def test_any_text_can_be_scanned(text: str) -> None:
    identifiers.appears_in(text)


@given(st.text(max_size=30), st.sampled_from([NIR, NIA, NNP, MIG]))
def test_any_text_can_be_parsed_or_refused(text: str, kind: IdentifierKind) -> None:
    try:
        parsed = parse(kind, text)
    except NumberError:
        return
    assert parse(kind, parsed.spaced) == parsed
