"""What a text may hold, and how a mistake is told."""

from typing import Any

import pytest

from servicekit.letters import markup
from servicekit.letters.kinds import Text
from servicekit.letters.markup import TextRefused

from .invented import BODY, KIND


def refused(subject: str, body: str) -> list[dict[str, Any]]:
    with pytest.raises(TextRefused) as refusal:
        markup.check(KIND, Text(subject, body))
    errors: Any = refusal.value.extra["errors"]
    return list(errors)


def test_a_text_that_uses_everything_is_accepted() -> None:
    markup.check(KIND, Text("Votre demande du {{day}}", BODY))


def test_an_unknown_field_is_told_with_its_line_and_those_that_exist() -> None:
    [error] = refused("Objet", "Bonjour,\n\nVotre {{numero_secu}} arrive.")
    assert error["field"] == "body"
    assert error["message"].startswith("Ligne 3 : le champ « numero_secu » n’existe pas")
    assert "{{amount}}, {{day}}, {{name}}, {{told}}" in error["message"]


@pytest.mark.parametrize(
    ("subject", "body", "said"),
    [
        ("{{told}}", "Corps", "tient plusieurs paragraphes"),
        ("Objet", "Voici {{told}}", "tient plusieurs paragraphes"),
        ("Objet", "Voici {{name", "accolade"),
        ("Objet", "Un **gras", "mise en valeur"),
        ("Objet", "Un *italique\n\nautre*", "mise en valeur"),
        ("Objet", "- un **point\n- deux**", "mise en valeur"),
        ("Deux\nlignes", "Corps", "une seule ligne"),
        ("", "Corps", "vide"),
        ("Objet", "  ", "vide"),
        ("Objet", "x" * 12_001, "trop long"),
        ("Objet", "un \x07 bip", "ne s’imprime pas"),
    ],
)
def test_what_cannot_be_a_letter_is_said_in_plain_words(subject: str, body: str, said: str) -> None:
    assert any(said in error["message"] for error in refused(subject, body))


def test_a_value_is_never_read_as_markup() -> None:
    name = "**Jean** {{amount}} *x* #set page()"
    [block] = markup.blocks("Bonjour {{name}}", {"name": name}, "fr")
    assert block["lines"] == [
        [
            {"text": "Bonjour ", "strong": False, "emphasis": False},
            {"text": name, "strong": False, "emphasis": False},
        ]
    ]


def test_blocks_are_told_apart() -> None:
    found = markup.blocks(BODY, KIND.examples(), "fr")
    kinds = [block["kind"] for block in found]
    said = ["paragraph", "paragraph", "bulleted", "heading", "paragraph", "paragraph", "numbered", "blank"]
    assert kinds == said
    assert found[-1] == {"kind": "blank", "label": "Date et signature"}
