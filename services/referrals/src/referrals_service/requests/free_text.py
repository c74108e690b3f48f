"""What is said of a free text before it is sent (ESP-14): pointed at, hardly ever refused. Pure.

A number of the civil repertory has a field of its own, which only some structures may fill: a text with one is
refused at the edge (`texts.py`), so that it is never kept where nobody protects it. Somebody in danger waits for
nothing of this: told so (`InDanger`), the service masks the number and keeps the rest. Bank accounts, temporary
numbers and medical words are only pointed at, because « enceinte » or « dialyse » may be what the caisse must know
to call at the right hour.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel, Field, model_validator

from referrals_service.passages import MASK, What, found_in, masked

RULE: Final = "ESP-14"

MESSAGES: Final[Mapping[What, str]] = {
    What.NUMBER: (
        "Ce texte contient un numéro de sécurité sociale. Retirez-le : il n'a sa place que dans la fiche de la "
        "personne, si votre structure est habilitée à le recueillir."
    ),
    What.TEMPORARY: (
        "Ce texte semble contenir un numéro d'immatriculation provisoire. Il a son propre champ dans la fiche de la "
        "personne : retirez-le d'ici."
    ),
    What.IBAN: (
        "Ce texte contient des coordonnées bancaires (IBAN). La caisse ne les demande jamais ici : retirez-les."
    ),
    What.MEDICAL: (
        "Ce texte semble contenir une information médicale. N'écrivez que ce qui est nécessaire pour agir : "
        "la personne parlera de sa santé elle-même si elle le souhaite."
    ),
}
WARNING: Final = MESSAGES[What.MEDICAL]
MASKED: Final = (
    "Un numéro a été masqué dans ce texte pour qu'il parte sans attendre. La caisse le demandera à la personne."
)


def looks_medical(text: str | None) -> bool:
    """Tell whether a text holds a word that belongs to a medical file."""
    return text is not None and any(passage.what is What.MEDICAL for passage in found_in(text))


def remarks(text: str | None) -> Iterator[str]:
    """Yield what its writer should know about a text, each thing once."""
    if text is None:
        return
    if MASK in text:
        yield MASKED
    there = {passage.what for passage in found_in(text)}
    yield from (message for what, message in MESSAGES.items() if what in there)


class InDanger(BaseModel):
    """Something that is sent at once when a person is in danger: numbers in its texts are masked, never refused."""

    danger: bool = Field(
        default=False,
        exclude=True,
        description="the person is in danger: a number found in a text is masked instead of keeping it from being sent",
    )

    @model_validator(mode="before")
    @classmethod
    def _hurry(cls, given: Any) -> Any:
        return _masked(given) if isinstance(given, dict) and given.get("danger") is True else given


def _masked(given: Any) -> Any:
    if isinstance(given, str):
        return masked(given)
    if isinstance(given, dict):
        return {key: _masked(value) for key, value in given.items()}
    if isinstance(given, list):
        return [_masked(value) for value in given]
    return given
