"""What people read for each code, in the words of their side. The front's catalogue says the rest."""

from collections.abc import Mapping
from typing import Final

from referrals_service.requests.codes import CoarseState, MisasState, Orientation, PublicReason

PARTNER: Final[Mapping[CoarseState, str]] = {
    CoarseState.DRAFT: "Brouillon",
    CoarseState.RECEIVED: "Reçue",
    CoarseState.UNDER_REVIEW: "À l'étude",
    CoarseState.TAKEN_ON: "Prise en charge",
    CoarseState.NOT_TAKEN_ON: "Non prise en charge",
    CoarseState.REDIRECTED: "Réorientée",
    CoarseState.WITHDRAWN: "Retirée",
    CoarseState.EXPIRED: "Brouillon expiré",
}

AGENT: Final[Mapping[MisasState, str]] = {
    MisasState.DRAFT: "Brouillon du partenaire",
    MisasState.SUBMITTED: "À prendre",
    MisasState.RELEVANCE_REVIEW: "Pertinence à l'étude",
    MisasState.ACCEPTED: "Acceptée",
    MisasState.REFUSED: "Non retenue",
    MisasState.REDIRECTED: "Réorientée",
    MisasState.WITHDRAWN: "Retirée par le partenaire",
    MisasState.EXPIRED: "Expirée",
}

PUBLIC_REASON: Final[Mapping[PublicReason, str]] = {
    PublicReason.OUT_OF_SCOPE: "La situation ne relève pas de la Mission Accompagnement Santé.",
    PublicReason.OTHER_BODY: "La personne relève d'un autre organisme.",
    PublicReason.ALREADY_KNOWN: "La caisse connaît déjà cette situation et la suit.",
}
"""The general wording of a refusal: the partner is never told which of the caisse's reasons it was."""

ORIENTATION: Final[Mapping[Orientation, str]] = {
    Orientation.CAF: "CAF",
    Orientation.MDPH: "MDPH",
    Orientation.CARSAT: "CARSAT",
    Orientation.CAISSE_RETRAITE: "Organisme de retraite",
    Orientation.CPAM_MISAS: "CPAM – MisAS",
    Orientation.CPAM_ASS: "CPAM – ASS",
    Orientation.CPAM_MATERNITE: "CPAM – parcours maternité",
    Orientation.CPAM_AME_PASS: "CPAM (AME) / PASS",
    Orientation.CPAM_AMELI: "CPAM / ameli",
    Orientation.EMPLOYEUR_CPAM: "Employeur puis CPAM",
    Orientation.SIAO_CCAS: "SIAO / CCAS",
    Orientation.CONSEIL_DEPARTEMENTAL: "Conseil départemental",
    Orientation.OTHER: "Autre",
}
