"""French typography, dates and money."""

from datetime import date

import pytest

from servicekit.letters.typography import euros, long_date, set_text

N = "\u00a0"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Bonjour !", f"Bonjour{N}!"),
        ("Pourquoi? Oui; non !", f"Pourquoi{N}? Oui{N}; non{N}!"),
        ("Objet: réponse", f"Objet{N}: réponse"),
        ("https://exemple.fr:8080/a?b=c", "https://exemple.fr:8080/a?b=c"),
        ("à 14:30", "à 14:30"),
        ("l'aide d'« urgence »", f"l’aide d’«{N}urgence{N}»"),
        ('la "fiche"', f"la «{N}fiche{N}»"),
        ("1 234 €", f"1{N}234{N}€"),
        ("le 12 mars 2026", f"le 12{N}mars 2026"),
        ("Mme Keller et M. Ba, n° 3", f"Mme{N}Keller et M.{N}Ba, n°{N}3"),
        ("**Attention** : dix jours", f"**Attention**{N}: dix jours"),
        ("un\u202fmot", f"un{N}mot"),
    ],
)
def test_french_text_is_set_once_and_for_all(typed: str, printed: str) -> None:
    assert set_text(typed, "fr") == printed
    assert set_text(printed, "fr") == printed


def test_other_languages_keep_their_own_punctuation() -> None:
    assert set_text('Why? "Because": it\'s so!', "en") == 'Why? "Because": it\'s so!'


def test_dates_and_money_are_written_as_people_write_them() -> None:
    assert long_date(date(2026, 3, 12)) == f"12{N}mars{N}2026"
    assert long_date(date(2026, 5, 1)) == f"1er{N}mai{N}2026"
    assert long_date(date(2026, 5, 1), "en") == f"1{N}May{N}2026"
    assert euros(123450) == f"1{N}234,50{N}€"
    assert euros(-5) == f"\u22120,05{N}€"
    assert euros(123450, "en") == "€1,234.50"
