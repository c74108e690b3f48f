"""The letters that a referral calls for, and what their texts may name."""

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from referrals_service.requests.statements import statements
from servicekit.letters.kinds import Day, Field, Kind, Text, shipped_text

EDITORS: Final = ("coordinateur", "responsable_unite", "secretaire")
"""Who keeps the templates of a caisse; a template shows nobody's data."""


def _shipped(code: str, *languages: str) -> dict[str, Text]:
    folder = files("referrals_service") / "letters/texts"
    return {
        language: shipped_text((folder / f"{code}.{language}.txt").read_text(encoding="utf-8"))
        for language in languages
    }


_NUMBER: Final = Field("numero", "Numéro de la demande", "311-2026-000123")
_NAME: Final = Field("nom", "Prénom et nom de la personne", "Vanessa KELLER")
_PERSON: Final = ("Vanessa KELLER", "12 rue des Lilas", "31600 Muret")

RECEIPT: Final = "misas_receipt"
CALL_BACK: Final = "misas_call_back"
CALL_BACK_EASY: Final = "misas_call_back_easy"
SHEET: Final = "misas_sheet"
CONSENT_RECEIPT: Final = "consent_receipt"
EASY_TO_READ: Final = {CALL_BACK: CALL_BACK_EASY}
"""The same letter in *facile à lire et à comprendre*, for those who need it so."""


EFFECTS: Final = {
    "request_withdrawn": (
        "La demande est annulée. La caisse ne la traitera pas.",
        "À la caisse, votre dossier est fermé dans la journée pour cette demande.",
    ),
    "to_stop": (
        "La caisse vous accompagnait déjà. Elle arrête, et ne transmet plus rien sur vous.",
        "Seule la personne qui suivait votre dossier peut encore l’ouvrir quelques jours, pour le clore.",
    ),
    "nothing_open": ("La demande était déjà terminée. Plus rien ne sera transmis sur vous à partir de cet accord.",),
}
"""What taking an agreement back changes, in the words of the receipt, by the code of the effect."""


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind, by its code."""
    found = (
        Kind(
            code=RECEIPT,
            label="Accusé de réception d’une saisine MisAS",
            addressee="partner",
            fields=(
                _NUMBER,
                Field("recue_le", "Date de réception", Day(on=date(2026, 3, 12))),
                Field("reponse_le", "Date de réponse au plus tard", Day(on=date(2026, 3, 16))),
            ),
            shipped=_shipped(RECEIPT, "fr"),
            example_recipient=("CCAS de Muret", "27 rue Castelvielh", "31600 Muret"),
        ),
        Kind(
            code=CALL_BACK,
            label="Personne injoignable : demande de rappel",
            addressee="person",
            fields=(_NAME, _NUMBER),
            shipped=_shipped(CALL_BACK, "fr", "en", "es"),
            example_recipient=_PERSON,
        ),
        Kind(
            code=CALL_BACK_EASY,
            label="Personne injoignable : demande de rappel, facile à lire (FALC)",
            addressee="person",
            fields=(_NAME, _NUMBER),
            shipped=_shipped(CALL_BACK_EASY, "fr"),
            example_recipient=_PERSON,
        ),
        Kind(
            code=SHEET,
            label="Fiche d’information et d’accord de la personne",
            addressee="person",
            fields=(
                _NAME,
                Field("information", "Ce qui est dit à la personne", statements()[-1].paragraphs),
                Field("version", "Version du texte d’information", statements()[-1].version),
            ),
            shipped=_shipped(SHEET, "fr"),
        ),
        Kind(
            code=CONSENT_RECEIPT,
            label="Reçu du retrait d’un accord",
            addressee="person",
            fields=(
                _NAME,
                _NUMBER,
                Field("destinataire", "À qui les informations étaient transmises", "CPAM de la Haute-Garonne"),
                Field("donne_le", "Date de l’accord", Day(on=date(2026, 3, 12))),
                Field("retire_le", "Date du retrait", Day(on=date(2026, 4, 2))),
                Field("effet", "Ce que le retrait change", EFFECTS["request_withdrawn"]),
            ),
            shipped=_shipped(CONSENT_RECEIPT, "fr"),
        ),
    )
    return {kind.code: kind for kind in found}
