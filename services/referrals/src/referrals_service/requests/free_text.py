"""Words that have no place in what a partner writes (ESP-14): warned about, never refused. Pure.

A number of the civil repertory is refused outright, at the edge (`texts.py`); medical words are only pointed
at, because « fauteuil roulant » or « enceinte » may be what the adviser must know to call at the right hour.
"""

import re
from typing import Final

from referrals_service.texts import fold

RULE: Final = "ESP-14"

WARNING: Final = (
    "Ce texte semble contenir une information médicale. N'écrivez que ce qui est nécessaire pour agir : "
    "la personne parlera de sa santé elle-même si elle le souhaite."
)

# Beginnings of words, folded: "depressi" finds « dépression » and « dépressif ».
_STEMS: Final = (
    "addict",
    "alcooli",
    "alzheimer",
    "anorexi",
    "avortement",
    "biopsi",
    "bipolaire",
    "cancer",
    "chimiotherap",
    "cirrhose",
    "covid",
    "depressi",
    "diabet",
    "diagnosti",
    "dialyse",
    "drogue",
    "epilep",
    "hepatite",
    "infarctus",
    "leucemi",
    "maladie mentale",
    "metasta",
    "ordonnance",
    "parkinson",
    "pathologi",
    "psychiatr",
    "psychos",
    "radiotherap",
    "schizophren",
    "sclerose",
    "seropositi",
    "sida",
    "suicid",
    "symptome",
    "toxicoman",
    "traitement medical",
    "tubercul",
    "tumeur",
    "vih",
)
_MEDICAL: Final = re.compile(rf"\b(?:{'|'.join(_STEMS)})")


def looks_medical(text: str | None) -> bool:
    """Tell whether a text holds a word that belongs to a medical file."""
    return text is not None and _MEDICAL.search(fold(text)) is not None
