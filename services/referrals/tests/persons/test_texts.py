"""What people type: cleaned, folded, and refused when it cannot be kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from referrals_service.persons import phones
from referrals_service.texts import Line, Name, Prose, fold

line, name, prose = TypeAdapter(Line), TypeAdapter(Name), TypeAdapter(Prose)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Lefèbvre-d'Œuf", "lefebvre d oeuf"),
        ("  MÜLLER   Straße ", "muller strasse"),
        ("N’GUESSAN", "n guessan"),
        ("Łukasz Ðorđe Øst", "lukasz dorde ost"),
        ("İbrahim Işık", "ibrahim isik"),
        ("Ｄｕｐｏｎｔ", "dupont"),
        ("Nguyễn Thị", "nguyen thi"),
        ("محمد", "محمد"),
    ],
)
def test_names_are_folded(typed: str, key: str) -> None:
    assert fold(typed) == key


@given(st.text())
def test_folding_is_stable_and_tidy(text: str) -> None:
    key = fold(text)
    assert fold(key) == key
    assert key == key.strip()
    assert "  " not in key


@given(st.text(alphabet="abcdeéèàçñôœÉÈ '-", min_size=1))
def test_accents_and_case_never_part_a_name_from_itself(text: str) -> None:
    assert fold(text) == fold(text.upper()) == fold(text.lower())


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "\ue000"])
def test_what_cannot_be_kept_is_refused(text: str) -> None:
    for kind in (line, name, prose):
        with pytest.raises(ValidationError):
            kind.validate_python(text)


def test_a_number_has_no_place_in_free_text() -> None:
    for kind in (line, prose):
        with pytest.raises(ValidationError, match="numéro de sécurité sociale"):
            kind.validate_python("son numéro : 2 55 08 14 168 025 38")


def test_texts_are_cleaned_not_changed() -> None:
    assert line.validate_python("  Lundi \t et  mardi\u00a0matin ") == "Lundi et mardi matin"
    assert prose.validate_python("Un.\r\nDeux.  \n\n") == "Un.\nDeux."
    assert prose.validate_python("<script>alert(1)</script>") == "<script>alert(1)</script>"
    assert name.validate_python("Jean  -  Pierre") == "Jean - Pierre"


@pytest.mark.parametrize("text", ["", "   ", "R2D2", "-'-", "x" * 101])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        name.validate_python(text)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("+33 (0)6.12.34.56.78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("0692 12 34 56", "+262692123456"),
        ("0639123456", "+262639123456"),
        ("+213 550 12 34 56", "+213550123456"),
    ],
)
def test_telephones_are_stored_in_one_form(typed: str, stored: str) -> None:
    assert phones.parse(typed) == stored


@pytest.mark.parametrize("typed", ["", "12", "06 12 34 56", "+33 06 12", "0012", "06x2345678", "+0612345678"])
def test_what_is_no_telephone_is_refused(typed: str) -> None:
    with pytest.raises(phones.PhoneError):
        phones.parse(typed)


def test_a_masked_telephone_keeps_four_and_two() -> None:
    assert phones.masked("+33612345678") == "+336••••••78"
